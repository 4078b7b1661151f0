/* The library's thread takes no signal of the host: one that all of the host's threads block waits for them. So does
 * SIGPIPE, which a write to a broken connection raises on the thread that writes. */
#define _XOPEN_SOURCE 700
#include "check.h"

#include <signal.h>

static volatile sig_atomic_t handled;

static void handle(int number)
{
    (void)number;
    handled = 1;
}

int main(void)
{
    struct sigaction action;
    sigset_t both, pending;

    limit_time();
    memset(&action, 0, sizeof action);
    action.sa_handler = handle;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    signal(SIGPIPE, SIG_DFL);
    EXPECT(redemption_call(GET_ALICE), REDEMPTION_OK, "");

    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGPIPE);
    CHECK(sigprocmask(SIG_BLOCK, &both, NULL) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0 && kill(getpid(), SIGPIPE) == 0);
    EXPECT(redemption_call(GET_ALICE), REDEMPTION_OK, "");
    CHECK(!handled);
    CHECK(sigpending(&pending) == 0);
    CHECK(sigismember(&pending, SIGUSR1) == 1 && sigismember(&pending, SIGPIPE) == 1);

    signal(SIGPIPE, SIG_IGN); /* drops the one that waits */
    CHECK(sigprocmask(SIG_UNBLOCK, &both, NULL) == 0);
    CHECK(handled);
    return 0;
}
