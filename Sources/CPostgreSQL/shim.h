#ifndef CPOSTGRESQL_SHIM_H
#define CPOSTGRESQL_SHIM_H

#include <libpq-fe.h>

// Notices of the server would go to stderr, which is the log's alone.
static inline void cpostgresql_ignore_notice(void *argument, const PGresult *result) {
    (void)argument;
    (void)result;
}
static inline void cpostgresql_silence(PGconn *connection) { PQsetNoticeReceiver(connection, cpostgresql_ignore_notice, 0); }

// PG_DIAG_SQLSTATE is a character constant, which Swift doesn't import.
static inline const char *cpostgresql_sqlstate(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }

#endif
