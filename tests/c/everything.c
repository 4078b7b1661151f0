/* One of everything, for the tools that watch memory. The argument is a new address for Alice. */
#define _XOPEN_SOURCE 700
#include "check.h"

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
    redemption_cancel(cancel);
    redemption_cancel_free(cancel);
    return 0;
}
