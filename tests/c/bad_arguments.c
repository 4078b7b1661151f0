/* Every bad argument gets its own status and message. */
#define _XOPEN_SOURCE 700
#include "check.h"

#define NOBODY "ffffffff-0000-4000-8000-000000000000"

static const char DRY[] = "{\"dry_run\": true}";
static const char NOT_UTF8[] = "\xff\xfe@adatum.com";
enum { MIB = 1 << 20 };

/* `length` letters. */
static char *letters(size_t length)
{
    char *text = (char *)malloc(length + 1);
    CHECK(text != NULL);
    memset(text, 'a', length);
    text[length] = '\0';
    return text;
}

static void null_arguments(void)
{
    static const char *const emails[] = {NULL, "alice@adatum.com"};
    static const char *const options[] = {NULL, DRY};
    for (int e = 0; e < 2; e++) {
        for (int o = 0; o < 2; o++) {
            EXPECT(reset_redemption(NULL, emails[e], options[o]), REDEMPTION_NULL_ARGUMENT, "user_id is NULL");
            EXPECT(reset_redemption(NOBODY, emails[e], options[o]), REDEMPTION_GUEST_NOT_FOUND, NOBODY);
        }
    }
    EXPECT(redemption_call(NULL), REDEMPTION_NULL_ARGUMENT, "request_json is NULL");
}

static void text_that_is_not_utf8(void)
{
    EXPECT(reset_redemption(NOT_UTF8, NULL, DRY), REDEMPTION_INVALID_UTF8, "user_id is not UTF-8 (at byte 0)");
    EXPECT(reset_redemption(NOBODY, NOT_UTF8, DRY), REDEMPTION_INVALID_UTF8, "email is not UTF-8");
    EXPECT(reset_redemption(NOBODY, NULL, NOT_UTF8), REDEMPTION_INVALID_UTF8, "opts_json is not UTF-8");
    EXPECT(redemption_call("{\"op\": \"\xe4\"}"), REDEMPTION_INVALID_UTF8, "request_json is not UTF-8 (at byte 8)");
}

static void text_that_is_too_long(void)
{
    char *longest = letters(MIB);
    EXPECT(reset_redemption(longest, NULL, DRY), REDEMPTION_INVALID_USER_ID, "user_id");
    memset(longest, ' ', MIB);
    memcpy(longest, DRY, sizeof DRY - 1);
    EXPECT(reset_redemption(NOBODY, NULL, longest), REDEMPTION_GUEST_NOT_FOUND, NOBODY);
    free(longest);

    char *longer = letters(MIB + 1);
    EXPECT(reset_redemption(longer, NULL, DRY), REDEMPTION_ARGUMENT_TOO_LONG, "user_id is longer than 1 MiB");
    EXPECT(reset_redemption(NOBODY, longer, DRY), REDEMPTION_ARGUMENT_TOO_LONG, "email is longer");
    EXPECT(reset_redemption(NOBODY, NULL, longer), REDEMPTION_ARGUMENT_TOO_LONG, "opts_json is longer");
    EXPECT(redemption_call(longer), REDEMPTION_ARGUMENT_TOO_LONG, "request_json is longer");
    free(longer);
}

static void json_that_is_wrong(void)
{
    EXPECT(redemption_call(""), REDEMPTION_INVALID_JSON, "request_json is not JSON");
    EXPECT(redemption_call("[]"), REDEMPTION_INVALID_JSON, "request_json is not a JSON object");
    EXPECT(redemption_call("{}"), REDEMPTION_MISSING_OPTION, "op");
    EXPECT(redemption_call("{\"op\": 1}"), REDEMPTION_WRONG_TYPE, "op");
    EXPECT(redemption_call("{\"op\": \"user.delete\"}"), REDEMPTION_UNKNOWN_OPERATION, "user.delete");
    EXPECT(redemption_call("{\"op\": \"user.get\", \"op\": \"user.get\"}"), REDEMPTION_DUPLICATE_OPTION, "op stands twice");
    EXPECT(reset_redemption(NOBODY, NULL, "{\"dry\": true}"), REDEMPTION_UNKNOWN_OPTION, "\"dry\"");
    EXPECT(reset_redemption(NOBODY, NULL, "{\"dry_run\": 1}"), REDEMPTION_WRONG_TYPE, "dry_run");
    EXPECT(reset_redemption(NOBODY, NULL, "{\"timeout_ms\": 1}"), REDEMPTION_OUT_OF_RANGE, "timeout_ms");
    EXPECT(reset_redemption(NOBODY, NULL, "{\"auth\": {\"grant\": \"access_token\"}}"), REDEMPTION_MISSING_OPTION, "auth");
    EXPECT(reset_redemption(NOBODY, "", NULL), REDEMPTION_EMPTY_ADDRESS, "email");
    EXPECT(reset_redemption(NOBODY, "nobody", NULL), REDEMPTION_MALFORMED_ADDRESS, "email");
}

static void no_result(void)
{
    size_t length = 1;
    CHECK(redemption_result_status(NULL) == REDEMPTION_NULL_ARGUMENT);
    CHECK(strcmp(redemption_result_json(NULL, NULL), "") == 0);
    CHECK(strcmp(redemption_result_message(NULL, NULL), "") == 0);
    CHECK(redemption_result_json(NULL, &length) != NULL && length == 0);
    length = 1;
    CHECK(redemption_result_message(NULL, &length) != NULL && length == 0);
    redemption_result_free(NULL);
}

static void numbers_without_meaning(void)
{
    static const redemption_status numbers[] = {INT32_MIN, -1, 99, 300000, INT32_MAX};
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        CHECK(strcmp(redemption_status_name(numbers[n]), "UNKNOWN") == 0);
    }
    CHECK(strcmp(redemption_status_name(REDEMPTION_OK), "OK") == 0);
    CHECK(strcmp(redemption_status_name(REDEMPTION_GUEST_NOT_FOUND), "GUEST_NOT_FOUND") == 0);
}

static void cancel_ids(void)
{
    char options[64];
    uint64_t id = redemption_cancel_new();
    CHECK(id != 0 && redemption_cancel_new() != id);
    snprintf(options, sizeof options, "{\"cancel_id\": %llu}", (unsigned long long)id);
    redemption_cancel(id);
    redemption_cancel(id);
    EXPECT(reset_redemption(NOBODY, NULL, options), REDEMPTION_CANCELLED, "cancel");
    redemption_cancel_free(id);
    redemption_cancel_free(id);
    EXPECT(reset_redemption(NOBODY, NULL, options), REDEMPTION_UNKNOWN_CANCEL_ID, "cancel object");
    redemption_cancel(id);
    redemption_cancel(0);
    redemption_cancel(UINT64_MAX);
    redemption_cancel_free(0);
    redemption_cancel_free(UINT64_MAX);
}

int main(void)
{
    limit_time();
    CHECK(strcmp(redemption_version(), REDEMPTION_VERSION) == 0);
    CHECK(redemption_abi_version() == 1);
    null_arguments();
    text_that_is_not_utf8();
    text_that_is_too_long();
    json_that_is_wrong();
    no_result();
    numbers_without_meaning();
    cancel_ids();
    return 0;
}
