#ifndef CPOSTGRESQL_SHIM_H
#define CPOSTGRESQL_SHIM_H

#include <libpq-fe.h>

// Otherwise the server's notices would be printed to stderr, which is for the log only.
static inline void cpostgresql_ignore_notice(void *argument, const PGresult *result) {
    (void)argument;
    (void)result;
}
static inline void cpostgresql_silence(PGconn *connection) { PQsetNoticeReceiver(connection, cpostgresql_ignore_notice, 0); }

// PG_DIAG_SQLSTATE is a character constant, which Swift doesn't import.
static inline const char *cpostgresql_sqlstate(const PGresult *result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE); }

#endif
