#ifndef HSSGW_BUILD_STAMP_H
#define HSSGW_BUILD_STAMP_H

/// The commit that was checked out when this was compiled, or "unknown".
const char *hssgw_build_commit(void);

#endif
