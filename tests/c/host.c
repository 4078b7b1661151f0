/* Makes the calls that its standard input asks for, one a line, each on a thread of its own:
 *   NUMBER<tab>call<tab>REQUEST, NUMBER<tab>reset<tab>USER<tab>OPTIONS, NUMBER<tab>cancel_new,
 *   NUMBER<tab>cancel<tab>ID, NUMBER<tab>cancel_free<tab>ID
 * and answers NUMBER<tab>STATUS<tab>JSON, or NUMBER<tab>ID. It ends with its input. */
#define _XOPEN_SOURCE 700
#include "check.h"

#include <pthread.h>

static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

static void answer(const char *number, unsigned long long value, const char *rest)
{
    pthread_mutex_lock(&output);
    printf("%s\t%llu%s\n", number, value, rest);
    fflush(stdout);
    pthread_mutex_unlock(&output);
}

static void answer_with(const char *number, redemption_result *result)
{
    size_t length = 0;
    const char *json = redemption_result_json(result, &length);
    char *rest = malloc(length + 2);
    CHECK(rest != NULL && memchr(json, '\n', length) == NULL);
    rest[0] = '\t';
    memcpy(rest + 1, json, length + 1);
    answer(number, (unsigned long long)redemption_result_status(result), rest);
    free(rest);
    redemption_result_free(result);
}

static void *serve(void *line)
{
    char *place = NULL;
    const char *number = strtok_r(line, "\t\n", &place);
    const char *word = strtok_r(NULL, "\t\n", &place);
    const char *first = strtok_r(NULL, "\t\n", &place);
    const char *second = strtok_r(NULL, "\t\n", &place);
    CHECK(number != NULL && word != NULL);
    if (strcmp(word, "call") == 0) {
        answer_with(number, redemption_call(first));
    } else if (strcmp(word, "reset") == 0) {
        answer_with(number, reset_redemption(first, NULL, second));
    } else if (strcmp(word, "cancel_new") == 0) {
        answer(number, redemption_cancel_new(), "");
    } else {
        uint64_t id = strtoull(first, NULL, 10);
        (strcmp(word, "cancel") == 0 ? redemption_cancel : redemption_cancel_free)(id);
        answer(number, id, "");
    }
    free(line);
    return NULL;
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, serve, line) == 0);
        CHECK(pthread_detach(thread) == 0);
        line = NULL;
        room = 0;
    }
    free(line);
    return 0;
}
