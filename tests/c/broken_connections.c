/* SIGPIPE ends this process, as it does by default, and the server resets connections: no harm is done. */
#define _XOPEN_SOURCE 700
#include "check.h"

#include <signal.h>

enum { CALLS = 20, LARGE = 900 * 1000 };

static const char OPTIONS[] = "\"retry\":{\"max_attempts\":2,\"base_delay_ms\":1,\"max_delay_ms\":1}";

/* Takes the result of a call that may have failed, though only because of the connection. */
static int went_through(redemption_result *result)
{
    redemption_status status = redemption_result_status(result);
    if (status != REDEMPTION_OK && (status < 300 || status > 399)) {
        fprintf(stderr, "%s\n", redemption_result_json(result, NULL));
        exit(1);
    }
    redemption_result_free(result);
    return status == REDEMPTION_OK;
}

/* A request with a body that no socket's buffer holds: much of it is still to be written when the reset comes. */
static char *large_update(void)
{
    char *request = (char *)malloc(LARGE + 256);
    CHECK(request != NULL);
    int head = sprintf(request, "{\"op\":\"user.update\",\"user_id\":\"10000000-0000-4000-8000-000000000001\",%s,"
                                "\"changes\":{\"jobTitle\":\"", OPTIONS);
    memset(request + head, 'x', LARGE);
    strcpy(request + head + LARGE, "\"}}");
    return request;
}

int main(void)
{
    char get[256];
    char *update = large_update();
    int answered = 0;

    limit_time();
    signal(SIGPIPE, SIG_DFL);
    snprintf(get, sizeof get, "{\"op\":\"user.get\",\"user_id\":\"10000000-0000-4000-8000-000000000001\",%s}", OPTIONS);
    for (int n = 0; n < CALLS; n++) {
        answered += went_through(redemption_call(get));
        went_through(redemption_call(update));
    }
    CHECK(answered > 0);
    free(update);
    return 0;
}
