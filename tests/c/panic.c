/* A panic in the library is a status of its call, and the next call succeeds. */
#define _XOPEN_SOURCE 700
#include "check.h"

int main(void)
{
    limit_time();
    for (int n = 0; n < 3; n++) {
        EXPECT(redemption_call("{\"op\":\"debug.panic\"}"), REDEMPTION_PANIC, "failed inside");
        EXPECT(redemption_call(GET_ALICE), REDEMPTION_OK, "");
        EXPECT(redemption_call("{\"op\":\"debug.panic\",\"where\":\"engine\"}"), REDEMPTION_PANIC, "failed inside");
        EXPECT(redemption_call(GET_ALICE), REDEMPTION_OK, "");
    }
    return 0;
}
