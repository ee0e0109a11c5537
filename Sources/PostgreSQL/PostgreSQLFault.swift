/// Why a session gave no answer. No sentence contains any part of the connection URL.
package enum PostgreSQLFault: Error, Sendable, Hashable {
    case urlHasNoScheme
    case urlIsUnusable
    case outOfMemory
    case needsPassword
    /// It asks for the password in clear text, without TLS.
    case clearText
    /// It can't be reached, or refused the login.
    case unreachable
    /// A wait reached its time limit.
    case silent
    /// This process asked to end all waits.
    case stopped
    case lost
    /// What it sends is not what the protocol allows here.
    case garbled
    /// It sends more than any answer has.
    case tooMuch
    /// The server doesn't accept data to copy now.
    case takesNoData
    /// The server's error: an SQLSTATE (PostgreSQL's Appendix A). Its own texts may quote data, so only the code is
    /// shown.
    case reported(String)

    /// One sentence without a full stop.
    package var sentence: String {
        switch self {
        case .urlHasNoScheme: "the connection URL doesn't begin with postgresql://"
        case .urlIsUnusable: "the connection URL can't be used"
        case .outOfMemory: "out of memory"
        case .needsPassword: "the server asks for a password"
        case .clearText:
            "the server asks for the password in clear text over a connection without TLS, so it was not sent: use sslmode=verify-full, or "
                + "SCRAM at the server"
        case .unreachable: "can't connect to the server, or it refused the login"
        case .silent: "the server doesn't answer"
        case .stopped: "the gateway stops"
        case .lost: "the connection to the server was lost"
        case .garbled: "the server doesn't keep to PostgreSQL's protocol"
        case .tooMuch: "the server sent more than any answer has"
        case .takesNoData: "the server doesn't take the data"
        case .reported(let code): "the server answered with SQLSTATE \(code)"
        }
    }
}
