/* A mistake on purpose: reads a result's text after the result was freed. */
#include "guest_redemption.h"

#include <stdio.h>

int main(void)
{
    redemption_result *result = redemption_call(NULL);
    const char *message = redemption_result_message(result, NULL);
    redemption_result_free(result);
    return puts(message) < 0;
}
