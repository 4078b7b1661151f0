/* One of everything, for the tools that watch memory. The argument is a new address for Alice. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include <unistd.h>

/* As one thread uses it: when there is no room, results are taken. */
static void a_batch(void)
{
    static const char *const guests[] = {"bob.brandt@gmail.com", "nobody@fabrikam.com", "bob.brandt@gmail.com"};
    redemption_batch *batch = NULL;
    redemption_result *result = NULL;
    unsigned taken = 0;
    CHECK(redemption_batch_start("{\"max_in_flight\":0}", &batch, &result) == REDEMPTION_OUT_OF_RANGE);
    CHECK(batch == NULL);
    EXPECT(result, REDEMPTION_OUT_OF_RANGE, "max_in_flight");
    CHECK(redemption_batch_start("{\"max_in_flight\":1,\"verify\":\"none\"}", &batch, NULL) == REDEMPTION_OK);
    for (uint64_t i = 0; i < 3;) {
        redemption_status status = redemption_batch_add(batch, i, guests[i], NULL, NULL, 0);
        if (status == REDEMPTION_OK) {
            i++;
            continue;
        }
        CHECK(status == REDEMPTION_BATCH_FULL);
        CHECK(redemption_batch_next(batch, 60000, NULL, &result) == REDEMPTION_OK);
        redemption_result_free(result);
        taken++;
    }
    CHECK(redemption_batch_finish(batch) == REDEMPTION_OK);
    uint64_t tag = 0;
    while (redemption_batch_next(batch, 60000, &tag, &result) == REDEMPTION_OK) {
        CHECK(tag < 3);
        redemption_result_free(result);
        taken++;
    }
    CHECK(result == NULL && taken == 3);
    CHECK(redemption_batch_next(batch, 0, NULL, &result) == REDEMPTION_BATCH_DONE);
    redemption_batch_free(batch);
    CHECK(redemption_batch_start(NULL, &batch, NULL) == REDEMPTION_OK);
    CHECK(redemption_batch_add(batch, 1, guests[1], NULL, NULL, 0) == REDEMPTION_OK);
    redemption_batch_cancel(batch);
    redemption_batch_free(batch);
}

/* A run with a journal, and another that goes on with it. */
static void a_journal(void)
{
    char path[] = P_tmpdir "/redemption-XXXXXX", options[sizeof path + 100];
    int file = mkstemp(path);
    CHECK(file >= 0 && close(file) == 0);
    for (int resume = 0; resume < 2; resume++) {
        redemption_batch *batch = NULL;
        redemption_result *result = NULL;
        snprintf(options, sizeof options, "{\"journal\":\"%s\",\"resume\":%s}", path, resume ? "true" : "false");
        CHECK(redemption_batch_start(options, &batch, NULL) == REDEMPTION_OK);
        CHECK(redemption_batch_add(batch, 7, "bob.brandt@gmail.com", NULL, NULL, 0) == REDEMPTION_OK);
        CHECK(redemption_batch_finish(batch) == REDEMPTION_OK);
        CHECK(redemption_batch_next(batch, 60000, NULL, &result) == REDEMPTION_OK);
        EXPECT(result, REDEMPTION_OK, "");
        CHECK(redemption_batch_next(batch, 60000, NULL, &result) == REDEMPTION_BATCH_DONE);
        redemption_batch_free(batch);
    }
    CHECK(unlink(path) == 0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    limit_time();
    uint64_t cancel = redemption_cancel_new();
    EXPECT(redemption_call("{\"op\":\"session.show\"}"), REDEMPTION_OK, "");
    EXPECT(redemption_call(GET_ALICE), REDEMPTION_OK, "");
    EXPECT(redemption_call("{\"op\":\"user.list\",\"top\":5}"), REDEMPTION_OK, "");
    EXPECT(reset_redemption("10000000-0000-4000-8000-000000000001", argv[1], NULL), REDEMPTION_OK, "");
    EXPECT(reset_redemption("nobody@fabrikam.com", NULL, NULL), REDEMPTION_GUEST_NOT_FOUND, "nobody@fabrikam.com");
    EXPECT(reset_redemption(NULL, NULL, NULL), REDEMPTION_NULL_ARGUMENT, "NULL");
    EXPECT(redemption_call("{\"op\":1}"), REDEMPTION_WRONG_TYPE, "op");
    EXPECT(redemption_call("\xff"), REDEMPTION_INVALID_UTF8, "UTF-8");
    a_batch();
    a_journal();
    redemption_cancel(cancel);
    redemption_cancel_free(cancel);
    return 0;
}
