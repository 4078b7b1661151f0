/* Resets the redemption of one guest and prints what came of it.
 *
 *   cargo build --release
 *   cc -I include examples/c/reset.c -L target/release -lguest_redemption -Wl,-rpath,target/release -o reset
 *   GUEST_REDEMPTION_ACCESS_TOKEN=... ./reset alice@fabrikam.com alice@adatum.com
 *
 * The guest is an object id, a user principal name or an address. Without a new address the guest keeps its own.
 * The credential comes from the environment; GUEST_REDEMPTION_GRAPH_URL leads to another cloud, or to the sandbox.
 */
#include "guest_redemption.h"

#include <stdio.h>
#include <string.h>

/* The answer is JSON. A real program reads it with a JSON library; this one looks for a single word. */
static void print_outcome(const char *json)
{
    const char *key = "\"outcome\":\"";
    const char *word = strstr(json, key);
    if (word != NULL) {
        word += strlen(key);
        printf("outcome: %.*s\n", (int)strcspn(word, "\""), word);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: %s <guest> [<new address>]\n", argv[0]);
        return 2;
    }

    /* No mail is sent unless the options ask for one. */
    redemption_result *result = reset_redemption(argv[1], argc == 3 ? argv[2] : NULL, "{\"timeout_ms\": 60000}");
    redemption_status status = redemption_result_status(result);

    printf("status: %s\n", redemption_status_name(status));
    print_outcome(redemption_result_json(result, NULL));
    if (status != REDEMPTION_OK) {
        printf("message: %s\n", redemption_result_message(result, NULL));
    }

    redemption_result_free(result);
    return status == REDEMPTION_OK ? 0 : 1;
}
