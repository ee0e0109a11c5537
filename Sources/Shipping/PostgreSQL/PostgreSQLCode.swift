/// PostgreSQL's SQLSTATE codes, as far as an operator can do something about them.
enum PostgreSQLCode {
    static func failure(_ code: String) -> SinkFailure {
        switch code {
        case "23505": SinkFailure("the database has another record of this number (\(code))")
        case "42501": SinkFailure("the role may not do this (\(code))")
        case "53100": SinkFailure("the server's disk is full (\(code))")
        case "53300": SinkFailure("the server has no connection left (\(code))")
        case "57014": SinkFailure("the server took too long (\(code))")
        case "57P01", "57P02", "57P03": SinkFailure("the server is stopping or starting (\(code))")
        case let code where code.hasPrefix("28"): SinkFailure("the server refused the login (\(code))")
        case let code where code.hasPrefix("3D"): SinkFailure("there is no such database (\(code))")
        default: SinkFailure("the server answered with SQLSTATE \(code)")
        }
    }
}
