// SPDX-License-Identifier: Apache-2.0
//
// Finds, makes and ends Verilated models, whatever their configuration.
#include "model.h"

#include "model_kinds.h"

#include <assert.h>
#include <string.h>

// model_kinds.h is written by sim.mk: MODEL_KINDS is X(min32) X(default32) ... for all its configurations.
#define X(name) extern const struct model_kind model_kind_##name;
MODEL_KINDS
#undef X

const struct model_kind *const model_kinds[] = {
#define X(name) &model_kind_##name,
    MODEL_KINDS
#undef X
    NULL,
};

const struct model_kind *model_kind_find(const char *name)
{
    for (size_t i = 0; model_kinds[i] != NULL; i++)
        if (strcmp(model_kinds[i]->name, name) == 0) return model_kinds[i];
    return NULL;
}

struct model *model_new(const struct model_kind *kind)
{
    assert(kind != NULL);
    return kind->create();
}

void model_free(struct model *model)
{
    if (model != NULL) model->destroy(model);
}

bool model_trace(struct model *model, const char *path)
{
    return model->trace(model, path);
}
