/* One of two translation units that both include the header, this one twice. */
#include "guest_redemption.h"
#include "guest_redemption.h"

#ifdef __cplusplus
extern "C"
#endif
int status_of_unit_b(void);

int main(void)
{
    redemption_result *result = redemption_call(NULL);
    int right = redemption_result_status(result) == status_of_unit_b();
    redemption_result_free(result);
    return right ? 0 : 1;
}
