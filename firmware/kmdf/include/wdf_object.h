/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wdf_object.h
 * The framework's objects: handles, attributes, contexts, deletion. wdf.h includes it.
 *
 *     struct channel { ULONG starts; };
 *     WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(struct_channel, channel_of)      // of a typedef, once in every file that uses it
 *
 *     WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, struct_channel);
 *     WdfDmaTransactionCreate(enabler, &attributes, &transaction);
 *     channel_of(transaction)->starts++;                                  // zeroed at first
 */
#ifndef WDF_OBJECT_H
#define WDF_OBJECT_H

#include "ntddk.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef PVOID WDFOBJECT;  /**< any of the handles */
typedef PVOID WDFCONTEXT; /**< what a driver hands through */

typedef struct WDFDRIVER__         *WDFDRIVER;
typedef struct WDFDEVICE__         *WDFDEVICE;
typedef struct WDFDMAENABLER__     *WDFDMAENABLER;
typedef struct WDFDMATRANSACTION__ *WDFDMATRANSACTION;
typedef struct WDFCOMMONBUFFER__   *WDFCOMMONBUFFER;
typedef struct WDFINTERRUPT__      *WDFINTERRUPT;
typedef struct WDFREQUEST__        *WDFREQUEST;

typedef VOID EVT_WDF_OBJECT_CONTEXT_CLEANUP(IN WDFOBJECT Object);
typedef VOID EVT_WDF_OBJECT_CONTEXT_DESTROY(IN WDFOBJECT Object);
typedef EVT_WDF_OBJECT_CONTEXT_CLEANUP *PFN_WDF_OBJECT_CONTEXT_CLEANUP;
typedef EVT_WDF_OBJECT_CONTEXT_DESTROY *PFN_WDF_OBJECT_CONTEXT_DESTROY;

/** A type of context; known by its name and its size. */
typedef struct _WDF_OBJECT_CONTEXT_TYPE_INFO {
    const CHAR *ContextName;
    size_t      ContextSize; /**< bytes */
} WDF_OBJECT_CONTEXT_TYPE_INFO, *PWDF_OBJECT_CONTEXT_TYPE_INFO;
typedef const WDF_OBJECT_CONTEXT_TYPE_INFO *PCWDF_OBJECT_CONTEXT_TYPE_INFO;

typedef struct _WDF_OBJECT_ATTRIBUTES {
    ULONG                          Size; /**< of this structure: its version */
    PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback; /**< when it is deleted, children first */
    PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback; /**< the last call that its context lives for */
    WDFOBJECT                      ParentObject; /**< NULL where the framework says who it is */
    size_t                         ContextSizeOverride; /**< bytes, if more than the type's */
    PCWDF_OBJECT_CONTEXT_TYPE_INFO ContextTypeInfo; /**< NULL: no context */
} WDF_OBJECT_ATTRIBUTES, *PWDF_OBJECT_ATTRIBUTES;

#define WDF_NO_OBJECT_ATTRIBUTES ((PWDF_OBJECT_ATTRIBUTES)NULL)
#define WDF_NO_CONTEXT           ((WDFCONTEXT)NULL)
#define WDF_NO_HANDLE            NULL

static inline VOID WDF_OBJECT_ATTRIBUTES_INIT(PWDF_OBJECT_ATTRIBUTES Attributes)
{
    RtlZeroMemory(Attributes, sizeof *Attributes);
    Attributes->Size = (ULONG)sizeof *Attributes;
}

/** The context of an object, NULL if it has none of this type. What the accessors call. [any] */
PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo);

#define WDF_TYPE_NAME_TO_TYPE_INFO(contexttype) wdf_##contexttype##_type_info

/** Makes contexttype, a typedef's name, a context, and castingfunction(handle) what finds it. */
#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(contexttype, castingfunction) \
    static const WDF_OBJECT_CONTEXT_TYPE_INFO WDF_TYPE_NAME_TO_TYPE_INFO(contexttype) = { #contexttype, sizeof(contexttype) }; \
    static inline contexttype *castingfunction(WDFOBJECT Handle) \
    { \
        return (contexttype *)WdfObjectGetTypedContextWorker(Handle, &WDF_TYPE_NAME_TO_TYPE_INFO(contexttype)); \
    }

#define WDF_DECLARE_CONTEXT_TYPE(contexttype) WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(contexttype, WdfObjectGet_##contexttype)

#define WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(Attributes, contexttype) \
    ((Attributes)->ContextTypeInfo = &WDF_TYPE_NAME_TO_TYPE_INFO(contexttype))

#define WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, contexttype) \
    (WDF_OBJECT_ATTRIBUTES_INIT(Attributes), (VOID)WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(Attributes, contexttype))

/**
 * Delete an object and its children, children first. One that is in use, or has a child that is, is VIOL_WDF_STATE, and
 * everything stays: a transaction in transfer, a common buffer that the device can still use.
 *
 * Spec WEN-01, WCB-04. [<= dispatch for transactions, else passive]
 */
VOID WdfObjectDelete(WDFOBJECT Object);

#ifdef __cplusplus
}
#endif

#endif
