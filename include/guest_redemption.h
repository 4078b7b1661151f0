/* Guest redemption: resets the redemption status of Microsoft Entra B2B guests.
 *
 * This header is the manual for C and C++ programs. It is generated; edit src/ffi instead.
 *
 * - A result is opaque, owned by the caller and never NULL; its texts live as long as it does.
 * - Texts are NUL-terminated UTF-8. Arguments are read during the call only.
 * - Any thread may call. Calls block, within the option timeout_ms.
 * - The library starts one thread with its first request and stays loaded until the process ends.
 *   A forked child gets REDEMPTION_FORKED from calls; start a new process instead.
 * - Nothing is printed, and no signal is raised.
 */

#ifndef GUEST_REDEMPTION_H
#define GUEST_REDEMPTION_H

#include <stddef.h>
#include <stdint.h>
#define REDEMPTION_VERSION_MAJOR 0
#define REDEMPTION_VERSION_MINOR 1
#define REDEMPTION_VERSION_PATCH 0
#define REDEMPTION_VERSION "0.1.0"


/**
 * What a call ended with.
 *
 * Numbers are append-only and grouped: 1 to 99 the caller's input, 100 to 199 sign-in, 200 to 299 the
 * directory's refusals, 300 to 399 network and service, 400 to 499 a change that is not wholly done,
 * 500 to 599 how a batch stands, which is no error,
 * 900 to 999 the library itself. `redemption_status_name` gives the name without the prefix.
 */
enum redemption_status_code
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * Done as asked.
   */
  REDEMPTION_OK = 0,
  /**
   * A required argument is NULL.
   */
  REDEMPTION_NULL_ARGUMENT = 1,
  /**
   * An argument is not UTF-8.
   */
  REDEMPTION_INVALID_UTF8 = 2,
  /**
   * An argument is longer than 1 MiB.
   */
  REDEMPTION_ARGUMENT_TOO_LONG = 3,
  /**
   * `user_id` is neither an object id nor a user principal name nor an e-mail address.
   */
  REDEMPTION_INVALID_USER_ID = 4,
  /**
   * The e-mail address is empty.
   */
  REDEMPTION_EMPTY_ADDRESS = 5,
  /**
   * The e-mail address is malformed.
   */
  REDEMPTION_MALFORMED_ADDRESS = 6,
  /**
   * The options or the request are not JSON, or not one JSON object.
   */
  REDEMPTION_INVALID_JSON = 7,
  /**
   * A key is not known. Nothing is ignored silently.
   */
  REDEMPTION_UNKNOWN_OPTION = 8,
  /**
   * A key stands twice in one object.
   */
  REDEMPTION_DUPLICATE_OPTION = 9,
  /**
   * A value has the wrong JSON type.
   */
  REDEMPTION_WRONG_TYPE = 10,
  /**
   * A value is outside its range or its list of allowed words.
   */
  REDEMPTION_OUT_OF_RANGE = 11,
  /**
   * A required key is missing.
   */
  REDEMPTION_MISSING_OPTION = 12,
  /**
   * Two options contradict each other.
   */
  REDEMPTION_CONFLICTING_OPTIONS = 13,
  /**
   * The invitation's message is longer than this library sends (10,000 characters).
   */
  REDEMPTION_MESSAGE_TOO_LONG = 14,
  /**
   * `op` names no operation of this library.
   */
  REDEMPTION_UNKNOWN_OPERATION = 15,
  /**
   * A URL is malformed, or plain http where only https is allowed.
   */
  REDEMPTION_INSECURE_URL = 16,
  /**
   * No session has this id; it may have been ended.
   */
  REDEMPTION_UNKNOWN_SESSION = 17,
  /**
   * No cancel object has this id; it may have been freed.
   */
  REDEMPTION_UNKNOWN_CANCEL_ID = 18,
  /**
   * The file of `ca_file` cannot be read, or holds no certificate.
   */
  REDEMPTION_CA_FILE_UNUSABLE = 19,
  /**
   * The batch takes no more guests: it was finished, or cancelled.
   */
  REDEMPTION_BATCH_CLOSED = 20,
  /**
   * The guest stands in this batch already, with another address or other options.
   */
  REDEMPTION_BATCH_CONFLICT = 21,
  /**
   * The journal cannot be created, written or locked, or exists where a new one was asked for.
   */
  REDEMPTION_JOURNAL_UNUSABLE = 22,
  /**
   * The journal is damaged before its end, or is no journal.
   */
  REDEMPTION_JOURNAL_DAMAGED = 23,
  /**
   * The journal belongs to another tenant or cloud, to other options, or to a newer version of this library.
   */
  REDEMPTION_JOURNAL_MISMATCH = 24,
  /**
   * The file for the redeem links cannot be created or written, or others may read it.
   */
  REDEMPTION_REDEEM_URL_FILE_UNUSABLE = 25,
  /**
   * No credential was given, and the environment holds none.
   */
  REDEMPTION_NOT_SIGNED_IN = 100,
  /**
   * The access token has expired.
   */
  REDEMPTION_TOKEN_EXPIRED = 101,
  /**
   * The service does not accept the access token.
   */
  REDEMPTION_TOKEN_REJECTED = 102,
  /**
   * The access token was issued for another service or another cloud.
   */
  REDEMPTION_WRONG_AUDIENCE = 103,
  /**
   * The application's secret, certificate or federated credential is wrong or has expired.
   */
  REDEMPTION_CREDENTIAL_REJECTED = 104,
  /**
   * The application is not known in the tenant.
   */
  REDEMPTION_APP_NOT_FOUND = 105,
  /**
   * The permissions were not consented to.
   */
  REDEMPTION_CONSENT_MISSING = 106,
  /**
   * The sign-in needs a person: multifactor authentication or a conditional access policy.
   */
  REDEMPTION_INTERACTION_REQUIRED = 107,
  /**
   * The tenant does not exist, or the account is not one of it.
   */
  REDEMPTION_WRONG_TENANT = 108,
  /**
   * The sign-in was refused for another reason, which the message tells.
   */
  REDEMPTION_SIGN_IN_FAILED = 109,
  /**
   * The certificate cannot be read, has no usable private key, or has expired.
   */
  REDEMPTION_CERTIFICATE_UNUSABLE = 110,
  /**
   * The place that a grant takes its token from is not there: no managed identity, no Azure CLI, no token file.
   */
  REDEMPTION_GRANT_UNAVAILABLE = 111,
  /**
   * Nobody has finished the sign-in in time, or its answer does not belong to it.
   */
  REDEMPTION_SIGN_IN_NOT_FINISHED = 112,
  /**
   * No user has this id, name or address.
   */
  REDEMPTION_GUEST_NOT_FOUND = 200,
  /**
   * Several users match; name one by its object id.
   */
  REDEMPTION_SEVERAL_MATCHES = 201,
  /**
   * The user is an internal member: the invitation would convert it.
   */
  REDEMPTION_INTERNAL_USER = 202,
  /**
   * The user is an internal guest (a guest with credentials of this tenant): the invitation would convert it.
   */
  REDEMPTION_INTERNAL_GUEST = 203,
  /**
   * Whether the user is external cannot be told from its properties.
   */
  REDEMPTION_EXTERNAL_UNCLEAR = 204,
  /**
   * The user is deleted and can be restored.
   */
  REDEMPTION_GUEST_DELETED = 205,
  /**
   * The guest has no e-mail address, and none was given.
   */
  REDEMPTION_NO_ADDRESS = 206,
  /**
   * The new address belongs to another object, or goes to another guest of the batch.
   */
  REDEMPTION_ADDRESS_IN_USE = 207,
  /**
   * The address is not, or not yet, one of the guest's own.
   */
  REDEMPTION_ADDRESS_NOT_ON_GUEST = 208,
  /**
   * The address belongs to a domain of this tenant.
   */
  REDEMPTION_ADDRESS_IS_INTERNAL = 209,
  /**
   * The address belongs to a group, which cannot be invited.
   */
  REDEMPTION_ADDRESS_IS_GROUP = 210,
  /**
   * The caller's roles or permissions do not suffice.
   */
  REDEMPTION_ACCESS_DENIED = 211,
  /**
   * The access token lacks a permission.
   */
  REDEMPTION_PERMISSION_MISSING = 212,
  /**
   * The tenant does not allow this caller to invite guests.
   */
  REDEMPTION_INVITATIONS_DISABLED = 213,
  /**
   * Cross-tenant access settings block the invitation.
   */
  REDEMPTION_CROSS_TENANT_BLOCKED = 214,
  /**
   * The guest holds a directory role, and an application may not reset it.
   */
  REDEMPTION_GUEST_HOLDS_ROLE = 215,
  /**
   * The service refused the request for another reason, which the message tells.
   */
  REDEMPTION_REQUEST_REFUSED = 216,
  /**
   * The service knows no such object or path.
   */
  REDEMPTION_NOT_FOUND = 217,
  /**
   * The guest is not as it was when it was planned.
   */
  REDEMPTION_GUEST_CHANGED = 218,
  /**
   * No connection could be made; nothing was sent.
   */
  REDEMPTION_CONNECTION_FAILED = 300,
  /**
   * No trusted TLS connection could be made; nothing was sent.
   */
  REDEMPTION_TLS_FAILED = 301,
  /**
   * The connection broke before the whole answer had come.
   */
  REDEMPTION_CONNECTION_LOST = 302,
  /**
   * The answer is not what this service sends: no JSON, or cut off.
   */
  REDEMPTION_BAD_ANSWER = 303,
  /**
   * The service has a fault (5xx).
   */
  REDEMPTION_SERVICE_FAULT = 304,
  /**
   * Too many requests, until the time limit or the retry limit.
   */
  REDEMPTION_THROTTLED = 305,
  /**
   * The time limit was reached.
   */
  REDEMPTION_TIME_LIMIT = 306,
  /**
   * The caller cancelled.
   */
  REDEMPTION_CANCELLED = 307,
  /**
   * The proxy refused the connection; nothing was sent.
   */
  REDEMPTION_PROXY_REFUSED = 308,
  /**
   * The address was changed, but the redemption was not reset. The result holds what undoes it.
   */
  REDEMPTION_ADDRESS_CHANGED_NOT_RESET = 400,
  /**
   * The redemption may or may not have been reset, and repeating could send a second mail.
   */
  REDEMPTION_OUTCOME_UNKNOWN = 401,
  /**
   * The batch has no room now; take results first.
   */
  REDEMPTION_BATCH_FULL = 500,
  /**
   * The batch has no result yet.
   */
  REDEMPTION_BATCH_PENDING = 501,
  /**
   * The batch is finished, and all its results have been taken.
   */
  REDEMPTION_BATCH_DONE = 502,
  /**
   * The library failed inside; the call may be repeated.
   */
  REDEMPTION_PANIC = 900,
  /**
   * The process was forked after the library was used; start a new process instead.
   */
  REDEMPTION_FORKED = 901,
  /**
   * The system gives no thread or no memory.
   */
  REDEMPTION_OUT_OF_RESOURCES = 902,
  /**
   * The journal could not be written while guests were being reset; nothing more is begun.
   */
  REDEMPTION_JOURNAL_FAILED = 903,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum redemption_status_code redemption_status_code;
#else
typedef int32_t redemption_status_code;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A batch of resets. Opaque; owned by the caller.
 */
typedef struct redemption_batch redemption_batch;

/**
 * What a call left. Opaque; owned by the caller.
 */
typedef struct redemption_result redemption_result;

/**
 * What a call ended with: one of `enum redemption_status_code`. Any value may be passed in.
 */
typedef int32_t redemption_status;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Resets the redemption of one guest: finds it, plans, changes the address where needed, invites with the reset
 * flag, and verifies.
 *
 * Parameters:
 *   `user_id`: object id, user principal name or an e-mail address of the guest. Not NULL.
 *   `email`: the address that the guest will sign in with. NULL means the guest's own `mail`.
 *   `opts_json`: one JSON object, described by `reset-options.schema.json`. NULL means defaults.
 *   All are NUL-terminated UTF-8 of at most 1 MiB each, and are read during the call only.
 *
 * Returns: a result, never NULL. Its JSON is described by `result.schema.json`.
 *
 * Ownership: free the result with `redemption_result_free`.
 *
 * Threads: any thread may call. The call blocks, for at most the option `timeout_ms` (100 s by default).
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * Each argument is NULL or points to a NUL-terminated string that does not change during the call.
 */
redemption_result *reset_redemption(const char *user_id,
                                    const char *email,
                                    const char *opts_json);

/**
 * Carries out any other operation: sessions, users, raw invitations, plans.
 *
 * Parameters:
 *   `request_json`: one JSON object with the member `op`, described by `request.schema.json`. Not NULL;
 *   NUL-terminated UTF-8 of at most 1 MiB, read during the call only.
 *
 * Returns: a result, never NULL. Its JSON is described by `result.schema.json`.
 *
 * Ownership: free the result with `redemption_result_free`.
 *
 * Threads: any thread may call. The call blocks, for at most the option `timeout_ms` (100 s by default).
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * The argument is NULL or points to a NUL-terminated string that does not change during the call.
 */
redemption_result *redemption_call(const char *request_json);

/**
 * What the call ended with.
 *
 * Parameters: `result`: a result that has not been freed, or NULL.
 *
 * Returns: its status; `REDEMPTION_NULL_ARGUMENT` for NULL.
 *
 * Threads: any thread, also several at once.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * The argument is NULL or a result of this library that has not been freed.
 */
redemption_status redemption_result_status(const redemption_result *result);

/**
 * The whole answer as JSON.
 *
 * Parameters:
 *   `result`: a result that has not been freed, or NULL.
 *   `len`: receives the length in bytes without the NUL, or NULL.
 *
 * Returns: UTF-8 with a NUL at its end; an empty string for NULL. It may hold the redeem link, which is a secret.
 *
 * Ownership: the text belongs to the result and lives as long as it; do not free it.
 *
 * Threads: any thread, also several at once.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * `result` is NULL or a result of this library that has not been freed; `len` is NULL or may be written.
 */
const char *redemption_result_json(const redemption_result *result,
                                   size_t *len);

/**
 * What happened, in one sentence, for people.
 *
 * Parameters:
 *   `result`: a result that has not been freed, or NULL.
 *   `len`: receives the length in bytes without the NUL, or NULL.
 *
 * Returns: UTF-8 with a NUL at its end; empty when the status is `REDEMPTION_OK`. It never holds a secret.
 *
 * Ownership: the text belongs to the result and lives as long as it; do not free it.
 *
 * Threads: any thread, also several at once.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * `result` is NULL or a result of this library that has not been freed; `len` is NULL or may be written.
 */
const char *redemption_result_message(const redemption_result *result,
                                      size_t *len);

/**
 * Frees a result, with the texts that belong to it.
 *
 * Parameters: `result`: a result that has not been freed, or NULL, which does nothing.
 *
 * Threads: any thread, once, when no other thread uses the result any more.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * The argument is NULL or a result of this library that has not been freed, and that nobody uses any more.
 */
void redemption_result_free(redemption_result *result);

/**
 * The name of a status, such as `GUEST_NOT_FOUND`.
 *
 * Parameters: `status`: any number.
 *
 * Returns: ASCII with a NUL at its end; `UNKNOWN` for a number that this version does not know.
 *
 * Ownership: the text is static; do not free it.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 */
const char *redemption_status_name(redemption_status status);

/**
 * The library's version, such as `0.1.0`.
 *
 * Returns: ASCII with a NUL at its end; compare with `REDEMPTION_VERSION` of the header.
 *
 * Ownership: the text is static; do not free it.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 */
const char *redemption_version(void);

/**
 * The version of this binary interface; it changes only when older programs would break.
 *
 * Returns: 1.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 */
uint32_t redemption_abi_version(void);

/**
 * A new cancel object, for the option `cancel_id` of one or more calls.
 *
 * Returns: its id, never 0; 0 in a forked child.
 *
 * Ownership: free it with `redemption_cancel_free`.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 */
uint64_t redemption_cancel_new(void);

/**
 * Cancels every call that uses this object, now and later: it stays cancelled.
 *
 * A call that has not posted its invitation yet ends with `REDEMPTION_CANCELLED` within 100 ms. One whose
 * invitation is on its way waits for the answer for up to the option `cancel_grace_ms`.
 *
 * Parameters: `id`: an id of `redemption_cancel_new`; any other does nothing.
 *
 * Threads: any thread, at any time.
 *
 * Since: 0.1.0
 */
void redemption_cancel(uint64_t id);

/**
 * Frees a cancel object. Calls that use it go on and can no longer be cancelled.
 *
 * Parameters: `id`: an id of `redemption_cancel_new`; any other does nothing.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 */
void redemption_cancel_free(uint64_t id);

/**
 * Starts a batch of resets. Nothing is sent yet, but for the sign-in where `journal` names a file, since a journal
 * belongs to a tenant. With `journal`, what is about to be sent is on disk before it is; an error of the disk keeps
 * all later guests from being begun, and `redemption_batch_next` tells it at the end.
 *
 * Parameters:
 *   `opts_json`: one JSON object, described by `batch-options.schema.json`: the options of every reset of the batch,
 *   of every call, and `max_in_flight`. NULL means defaults. NUL-terminated UTF-8 of at most 1 MiB, read during the
 *   call only.
 *   `out`: receives the batch, or NULL when it was not started. Not NULL.
 *   `why`: receives NULL, or a result that tells why it was not started. NULL when that is of no interest.
 *
 * Returns: `REDEMPTION_OK`, or why it was not started.
 *
 * Ownership: free the batch with `redemption_batch_free`, and the result with `redemption_result_free`.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * `opts_json` is NULL or points to a NUL-terminated string that does not change during the call; `out` and `why` are
 * NULL or may be written.
 */
redemption_status redemption_batch_start(const char *opts_json,
                                         redemption_batch **out,
                                         redemption_result **why);

/**
 * Hands a guest in, to be reset as soon as there is room.
 *
 * What is wrong with the guest or its address is told by its result, so that one bad row does not end a batch. The
 * same guest twice is a conflict, also told by the second's result, unless the same is wished for it again: that one's
 * outcome is `repeated`, and nothing is done for it. No two guests get one new address: the second is refused.
 *
 * Parameters:
 *   `batch`: a batch that has not been freed, or NULL.
 *   `tag`: any number of the caller's, which comes back with the result.
 *   `user_id`, `email`: as for `reset_redemption`.
 *   `item_opts_json`: options of a reset that stand over those of the batch. NULL means those of the batch.
 *   Texts are NUL-terminated UTF-8 of at most 1 MiB each, and are read during the call only.
 *   `timeout_ms`: how long to wait for room; 0 means not at all.
 *
 * Returns: `REDEMPTION_OK` when it was taken; `REDEMPTION_BATCH_FULL` when there was no room in time: take results
 * and hand it in again; `REDEMPTION_BATCH_CLOSED` after the batch was finished or cancelled.
 *
 * Threads: any thread, also several at once.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * `batch` is NULL or a batch that has not been freed; each text is NULL or points to a NUL-terminated string that does
 * not change during the call.
 */
redemption_status redemption_batch_add(redemption_batch *batch,
                                       uint64_t tag,
                                       const char *user_id,
                                       const char *email,
                                       const char *item_opts_json,
                                       uint32_t timeout_ms);

/**
 * Says that no more guests come.
 *
 * Parameters: `batch`: a batch that has not been freed, or NULL.
 *
 * Returns: `REDEMPTION_OK`; `REDEMPTION_NULL_ARGUMENT` for NULL.
 *
 * Threads: any thread.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * The argument is NULL or a batch that has not been freed.
 */
redemption_status redemption_batch_finish(redemption_batch *batch);

/**
 * Takes a result, in the order in which guests are done. Every guest that was taken gets exactly one.
 *
 * Parameters:
 *   `batch`: a batch that has not been freed, or NULL.
 *   `timeout_ms`: how long to wait for a result; 0 means not at all.
 *   `tag`: receives the guest's tag when there is a result, or NULL.
 *   `out`: receives the result, or NULL when there is none. Not NULL.
 *
 * Returns: `REDEMPTION_OK` when there is a result, whatever that result's own status; `REDEMPTION_BATCH_PENDING` when
 * there was none in time; `REDEMPTION_BATCH_DONE` when the batch is finished or cancelled and all results were taken;
 * another status when the batch itself has failed.
 *
 * Ownership: free the result with `redemption_result_free`.
 *
 * Threads: any thread, also several at once.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * `batch` is NULL or a batch that has not been freed; `tag` and `out` are NULL or may be written.
 */
redemption_status redemption_batch_next(redemption_batch *batch,
                                        uint32_t timeout_ms,
                                        uint64_t *tag,
                                        redemption_result **out);

/**
 * Cancels a batch: guests under way end as a cancelled `reset_redemption` does, those that wait end with
 * `REDEMPTION_CANCELLED` and nothing is sent for them. The results are still there to be taken.
 *
 * Parameters: `batch`: a batch that has not been freed, or NULL.
 *
 * Threads: any thread, at any time.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * The argument is NULL or a batch that has not been freed.
 */
void redemption_batch_cancel(redemption_batch *batch);

/**
 * Frees a batch. One that is not done is cancelled, and its results are lost; the call does not wait for them.
 *
 * Parameters: `batch`: a batch that has not been freed, or NULL.
 *
 * Threads: any thread, once, when no other thread uses the batch any more.
 *
 * Since: 0.1.0
 *
 * # Safety
 *
 * The argument is NULL or a batch that has not been freed, and no other call uses it.
 */
void redemption_batch_free(redemption_batch *batch);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* GUEST_REDEMPTION_H */
