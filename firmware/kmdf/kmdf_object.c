/* SPDX-License-Identifier: Apache-2.0 */
/* Objects: where they stand, whose children they are, how they go. */
#include <string.h>

#include "kmdf_private.h"

static const struct kmdf_kind *const kinds[] = {
    &kmdf_devices, &kmdf_enablers, &kmdf_transactions, &kmdf_commons, &kmdf_interrupts, &kmdf_requests,
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static struct kmdf_object *entry(const struct kmdf_kind *kind, unsigned number)
{
    return (struct kmdf_object *)(void *)((uint8_t *)kind->pool + number * kind->bytes);
}

static PVOID context_of(struct kmdf_object *object)
{
    return (uint8_t *)object + object->kind->context_at;
}

void kmdf_objects_init(void)
{
    for (unsigned i = 0; i < KINDS; i++) memset(kinds[i]->pool, 0, kinds[i]->bytes * kinds[i]->count);
}

void kmdf_wrong_state(const void *object, unsigned state, const char *where)
{
    violation_report(VIOL_WDF_STATE, (uintptr_t)object, state, (uintptr_t)where, 0u);
}

/* ---- Handles --------------------------------------------------------------------------------------------------------- */

/* A live object at this very address, or NULL. */
static struct kmdf_object *live(const void *handle, const struct kmdf_kind *kind)
{
    uintptr_t offset = (uintptr_t)handle - (uintptr_t)kind->pool;
    if (offset >= kind->bytes * kind->count || offset % kind->bytes != 0u) return NULL;
    struct kmdf_object *object = entry(kind, (unsigned)(offset / kind->bytes));
    return object->kind == kind ? object : NULL;
}

void *kmdf_object_of(const void *handle, const struct kmdf_kind *kind, const char *where)
{
    struct kmdf_object *object = live(handle, kind);
    if (object == NULL) kmdf_wrong_state(handle, 0u, where);
    return object;
}

static struct kmdf_object *any_of(const void *handle, const char *where)
{
    struct kmdf_object *object = NULL;
    for (unsigned i = 0; i < KINDS && object == NULL; i++) object = live(handle, kinds[i]);
    if (object == NULL) kmdf_wrong_state(handle, 0u, where);
    return object;
}

void *kmdf_child(const void *parent, const struct kmdf_kind *kind, const void *behind)
{
    const struct kmdf_object *before = behind;
    struct kmdf_object *child = before != NULL ? before->sibling : ((const struct kmdf_object *)parent)->children;
    while (child != NULL && child->kind != kind) child = child->sibling;
    return child;
}

PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo)
{
    struct kmdf_object *object = any_of(Handle, __func__);
    if (object == NULL || object->context == NULL || TypeInfo == NULL) return NULL;
    bool same = object->context == TypeInfo || strcmp(object->context->ContextName, TypeInfo->ContextName) == 0;
    return same ? context_of(object) : NULL;
}

/* ---- Creation -------------------------------------------------------------------------------------------------------- */

static NTSTATUS judge(const struct kmdf_kind *kind, const WDF_OBJECT_ATTRIBUTES *attributes)
{
    if (attributes == NULL) return STATUS_SUCCESS;
    if (attributes->Size != sizeof *attributes) return STATUS_INFO_LENGTH_MISMATCH;
    if (attributes->ParentObject != NULL) return STATUS_INVALID_PARAMETER; /* the framework says who it is (WTX-01) */
    PCWDF_OBJECT_CONTEXT_TYPE_INFO type = attributes->ContextTypeInfo;
    size_t wanted = type != NULL && type->ContextSize > attributes->ContextSizeOverride ? type->ContextSize : attributes->ContextSizeOverride;
    return wanted <= kind->context_bytes ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static void adopt(struct kmdf_object *parent, struct kmdf_object *child)
{
    child->parent = parent;
    if (parent == NULL) return;
    struct kmdf_object **link = &parent->children;
    while (*link != NULL) link = &(*link)->sibling;
    *link = child;
}

static struct kmdf_object *free_entry(const struct kmdf_kind *kind)
{
    for (unsigned i = 0; i < kind->count; i++) {
        if (entry(kind, i)->kind == NULL) return entry(kind, i);
    }
    return NULL;
}

void *kmdf_object_take(const struct kmdf_kind *kind, void *parent, const WDF_OBJECT_ATTRIBUTES *attributes, NTSTATUS *status)
{
    *status = judge(kind, attributes);
    if (!NT_SUCCESS(*status)) return NULL;
    enum irql old = irql_raise(IRQL_DISPATCH); /* a DPC may create and delete too */
    struct kmdf_object *object = free_entry(kind);
    if (object != NULL) {
        memset(object, 0, kind->bytes);
        object->kind = kind;
        if (attributes != NULL) {
            object->context = attributes->ContextTypeInfo;
            object->cleanup = attributes->EvtCleanupCallback;
            object->destroy = attributes->EvtDestroyCallback;
        }
        adopt(parent, object);
    }
    irql_lower(old);
    *status = object != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    return object;
}

/* ---- Deletion -------------------------------------------------------------------------------------------------------- */

/* The first of a family that is in use; NULL: none is. */
static const struct kmdf_object *user_in(const struct kmdf_object *object)
{
    if (object->kind->in_use != NULL && object->kind->in_use(object)) return object;
    for (const struct kmdf_object *child = object->children; child != NULL; child = child->sibling) {
        const struct kmdf_object *user = user_in(child);
        if (user != NULL) return user;
    }
    return NULL;
}

static void leave(struct kmdf_object *object)
{
    struct kmdf_object **link = object->parent != NULL ? &object->parent->children : NULL;
    while (link != NULL && *link != object) link = &(*link)->sibling;
    if (link != NULL) *link = object->sibling;
}

void kmdf_object_discard(struct kmdf_object *object)
{
    enum irql old = irql_raise(IRQL_DISPATCH);
    leave(object);
    memset(object, 0, object->kind->bytes);
    irql_lower(old);
}

/* Children first; they are as many as objects, and the tree is three deep. */
static void remove_family(struct kmdf_object *object)
{
    while (object->children != NULL) remove_family(object->children);
    if (object->cleanup != NULL) object->cleanup(object);
    if (object->kind->gone != NULL) object->kind->gone(object);
    if (object->destroy != NULL) object->destroy(object);
    kmdf_object_discard(object);
}

bool kmdf_object_delete(struct kmdf_object *object)
{
    const struct kmdf_object *user = user_in(object);
    if (user != NULL) {
        kmdf_wrong_state(user, 0u, __func__);
        return false;
    }
    remove_family(object);
    return true;
}

VOID WdfObjectDelete(WDFOBJECT Object)
{
    struct kmdf_object *object = any_of(Object, __func__);
    if (object == NULL) return;
    bool allowed = object->kind->at_dispatch ? irql_assert_at_most(IRQL_DISPATCH) : irql_assert_passive();
    if (allowed) (void)kmdf_object_delete(object);
}
