/* Eight threads reset eight guests, while a call that waits for a slow answer is cancelled from another thread. */
#define _XOPEN_SOURCE 700
#include "check.h"

#include <pthread.h>
#include <time.h>

enum { THREADS = 8 };

static char slow_options[64];

static void *reset(void *argument)
{
    int number = *(const int *)argument;
    char guest[64], email[64];
    snprintf(guest, sizeof guest, "20000000-0000-4000-8000-%012d", number);
    snprintf(email, sizeof email, "thread%d@litware.com", number);
    EXPECT(reset_redemption(guest, email, NULL), REDEMPTION_OK, "");
    return NULL;
}

/* The sandbox takes ten minutes for the first answer about this guest. */
static void *reset_slowly(void *unused)
{
    (void)unused;
    EXPECT(reset_redemption("20000000-0000-4000-8000-000000000009", NULL, slow_options), REDEMPTION_CANCELLED, "cancel");
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS], slow;
    int numbers[THREADS];
    const struct timespec pause = {0, 300 * 1000 * 1000};
    uint64_t cancel = redemption_cancel_new();

    limit_time();
    snprintf(slow_options, sizeof slow_options, "{\"cancel_id\": %llu}", (unsigned long long)cancel);
    CHECK(pthread_create(&slow, NULL, reset_slowly, NULL) == 0);
    for (int n = 0; n < THREADS; n++) {
        numbers[n] = n + 1;
        CHECK(pthread_create(&threads[n], NULL, reset, &numbers[n]) == 0);
    }
    /* gives the slow call time to get on its way; a cancellation that comes earlier has the same end */
    nanosleep(&pause, NULL);
    redemption_cancel(cancel);
    CHECK(pthread_join(slow, NULL) == 0);
    for (int n = 0; n < THREADS; n++) {
        CHECK(pthread_join(threads[n], NULL) == 0);
    }
    redemption_cancel_free(cancel);
    return 0;
}
