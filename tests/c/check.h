/* What the test programs share. A check that fails says where, and ends the program. */
#ifndef CHECK_H
#define CHECK_H

#include "guest_redemption.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK(condition)                                                          \
    do {                                                                          \
        if (!(condition)) {                                                       \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                              \
        }                                                                         \
    } while (0)

#define GET_ALICE "{\"op\":\"user.get\",\"user_id\":\"10000000-0000-4000-8000-000000000001\"}"

/* Takes a result, compares its status and its message (which holds `words`), and frees it. */
#define EXPECT(result, status, words) expect((result), (status), (words), __FILE__, __LINE__)

static inline void expect(redemption_result *result, redemption_status status, const char *words, const char *file,
                          int line)
{
    size_t length = 0, json_length = 0;
    const char *message = redemption_result_message(result, &length);
    const char *json = redemption_result_json(result, &json_length);
    const char *name = redemption_status_name(status);
    if (redemption_result_status(result) != status || strstr(message, words) == NULL) {
        fprintf(stderr, "%s:%d: expected %s \"%s\", got %s\n", file, line, name, words, json);
        exit(1);
    }
    CHECK((length == 0) == (status == REDEMPTION_OK));
    CHECK(strlen(message) == length);
    CHECK(strlen(json) == json_length);
    CHECK(strstr(json, name) != NULL);
    redemption_result_free(result);
}

/* Whatever hangs ends in SIGALRM. The limit is generous: valgrind makes a program slow. */
static inline void limit_time(void)
{
    alarm(300);
}

#endif
