#include "build_stamp.h"

#ifndef HSSGW_COMMIT
#define HSSGW_COMMIT "unknown"
#endif

const char *hssgw_build_commit(void) { return HSSGW_COMMIT; }
