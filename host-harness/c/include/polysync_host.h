/* libpolysync_host: runs job type plugins. Made of host-harness/c/src by polysync-bindings: change it there. */

#ifndef POLYSYNC_HOST_H
#define POLYSYNC_HOST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/**
 * The version of this interface. A program that was built for another one doesn't use the library.
 */
#define PS_ABI_VERSION 1

/**
 * What a function of the library returns.
 */
enum PsStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It is done, or under way.
   */
  PS_STATUS_OK = 0,
  /**
   * `ps_next`: no event came in time. Nothing is wrong.
   */
  PS_STATUS_TIMEOUT = 1,
  /**
   * The host is closed, and its last event was taken.
   */
  PS_STATUS_CLOSED = 2,
  /**
   * An argument can't be used; the error says which and why.
   */
  PS_STATUS_INVALID = 3,
  /**
   * The handle, the call or the question isn't there (any more).
   */
  PS_STATUS_NOT_FOUND = 4,
  /**
   * Too many calls are under way, or their answers aren't taken.
   */
  PS_STATUS_BUSY = 5,
  /**
   * The library has a bug: it panicked. The host goes on.
   */
  PS_STATUS_PANICKED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum PsStatus PsStatus;
#else
typedef int32_t PsStatus;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Text that the library made: UTF-8, with a zero after its end. `ps_text_free` frees it.
 */
typedef struct PsText {
  /**
   * Null where the text is absent.
   */
  char *data;
  /**
   * In bytes, without the zero.
   */
  size_t length;
} PsText;

/**
 * A host, a slot or a connection. 0 is none.
 */
typedef uint64_t PsHandle;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the interface, which a program compares with `PS_ABI_VERSION` of its header.
 */
uint32_t ps_abi_version(void);

/**
 * The version of the library, such as `0.1.0`.
 */
struct PsText ps_version(void);

/**
 * Makes a host. `options` is JSON, or empty. Blocks for some milliseconds.
 *
 * As all functions that have one, this one always writes `error`: a text without `data`, or the JSON of an
 * error, which the caller frees.
 *
 * # Safety
 * `options` points to `length` bytes; `host` and `error` point to where their values go, or are null.
 */
PsStatus ps_host_new(const char *options,
                     size_t length,
                     PsHandle *host,
                     struct PsText *error);

/**
 * Makes an empty slot of a host. Call `load` on it next.
 *
 * # Safety
 * `slot` and `error` point to where their values go, or are null.
 */
PsStatus ps_slot_new(PsHandle host, PsHandle *slot, struct PsText *error);

/**
 * Makes a connection of a slot that has a plugin. `document` is JSON.
 *
 * # Safety
 * `document` points to `length` bytes; `connection` and `error` point to where their values go, or are
 * null.
 */
PsStatus ps_connection_new(PsHandle slot,
                           const char *document,
                           size_t length,
                           PsHandle *connection,
                           struct PsText *error);

/**
 * Begins a call on a host, a slot or a connection. `request` is JSON. One event `answer` or `error` with the
 * number of the call ends it, if this function returns `PS_STATUS_OK`. Doesn't block.
 *
 * Where another thread takes the events, it may take that event before this function returns.
 *
 * # Safety
 * `request` points to `length` bytes; `call` and `error` point to where their values go, or are null.
 */
PsStatus ps_call(PsHandle handle,
                 const char *request,
                 size_t length,
                 uint64_t *call,
                 struct PsText *error);

/**
 * Ends a call early. Its event comes all the same, and the platform may have done what was asked. Returns
 * `PS_STATUS_NOT_FOUND` where the call has ended already, or was cancelled already. Doesn't block.
 */
PsStatus ps_cancel(PsHandle host,
                   uint64_t call);

/**
 * Answers a question: an event `credentials-asked` or `http-asked`. `answer` is JSON. Returns
 * `PS_STATUS_NOT_FOUND` where nobody waits for it any more. Doesn't block.
 *
 * # Safety
 * `answer` points to `length` bytes; `error` points to where its value goes, or is null.
 */
PsStatus ps_answer(PsHandle host,
                   uint64_t question,
                   const char *answer,
                   size_t length,
                   struct PsText *error);

/**
 * Takes the next event of a host: JSON. Blocks for `timeout_milliseconds` at most, for ever where that is
 * negative. Returns `PS_STATUS_TIMEOUT` where none came, and `PS_STATUS_CLOSED` after the event `closed`, to
 * each thread that waits, when the host is gone with all its handles. With any other status, `event` is an error's
 * document. Several threads may take events.
 *
 * # Safety
 * `event` points to where its value goes.
 */
PsStatus ps_next(PsHandle host,
                 int64_t timeout_milliseconds,
                 struct PsText *event);

/**
 * Closes a handle. Doesn't block.
 *
 * A slot or a connection is gone at once; its calls that are under way end by themselves, and their events
 * come. Of a host all calls end, and the event `closed` is its last: take events until `ps_next` returns
 * `PS_STATUS_CLOSED`. A host that is closed once more is gone at once, whatever events it has.
 */
PsStatus ps_close(PsHandle handle);

/**
 * Frees a text. One whose `data` is null is nothing to free.
 *
 * # Safety
 * The text came from this library and wasn't freed before.
 */
void ps_text_free(struct PsText text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* POLYSYNC_HOST_H */
