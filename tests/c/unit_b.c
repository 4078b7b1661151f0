/* The other of two translation units that both include the header. */
#include "guest_redemption.h"

#ifdef __cplusplus
extern "C"
#endif
int status_of_unit_b(void);

int status_of_unit_b(void)
{
    return redemption_result_status(NULL);
}
