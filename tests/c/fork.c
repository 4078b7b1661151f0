/* A forked child is told so at once, its parent goes on; a child of a process that has not used the library may. */
#define _XOPEN_SOURCE 700
#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static atomic_bool enough;

static void use(void)
{
    EXPECT(redemption_call(GET_ALICE), REDEMPTION_OK, "");
}

static void be_refused(void)
{
    EXPECT(redemption_call(GET_ALICE), REDEMPTION_FORKED, "forked");
    EXPECT(redemption_call(NULL), REDEMPTION_FORKED, "forked");
    EXPECT(reset_redemption("10000000-0000-4000-8000-000000000001", NULL, NULL), REDEMPTION_FORKED, "forked");
    CHECK(redemption_cancel_new() == 0);
    redemption_cancel(1);
    redemption_cancel_free(1);
    CHECK(strcmp(redemption_status_name(REDEMPTION_FORKED), "FORKED") == 0);
}

/* Runs it in a child, which has a few seconds for it. */
static void in_a_child(void (*work)(void), unsigned seconds)
{
    int status = -1;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(seconds);
        work();
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void *use_again_and_again(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough)) {
        use();
    }
    return NULL;
}

int main(void)
{
    pthread_t busy;
    limit_time();
    in_a_child(use, 60);
    use();
    in_a_child(be_refused, 5);
    use();

    /* a lock that another thread holds at the fork stays locked in the child */
    CHECK(pthread_create(&busy, NULL, use_again_and_again, NULL) == 0);
    for (int n = 0; n < 50; n++) {
        in_a_child(be_refused, 5);
    }
    atomic_store(&enough, 1);
    CHECK(pthread_join(busy, NULL) == 0);
    use();
    return 0;
}
