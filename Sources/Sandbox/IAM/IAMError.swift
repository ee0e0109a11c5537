/// An error of IAM.
struct IAMError: Equatable, Sendable {
    var status: Int
    var code: String
    var message: String

    /// The body in a shape.
    func body(_ form: IAMErrorForm) -> JSONValue {
        switch form {
        case .keystone:
            let title = ReasonPhrase.text(status)
            return ["error": ["code": .integer(Int64(status)), "message": .string(message), "title": .string(title)]]
        case .iam: return ["error_msg": .string(message), "error_code": .string(code)]
        }
    }
}

extension IAMError {
    static let authenticationRequired = IAMError(
        status: 401, code: "IAM.0001", message: "The request you have made requires authentication.")
    static let accountLocked = IAMError(status: 401, code: "IAM.0061", message: "Account locked.")
    static let wrongPassword = IAMError(status: 401, code: "IAM.0062", message: "The username or password is wrong.")
    static let invalidBody = IAMError(status: 400, code: "IAM.0011", message: "The request body is invalid")
    static let unknownScope = IAMError(
        status: 401, code: "IAM.0001", message: "The project or domain of the scope is not available to this user.")

    /// 404 with IAM's wording.
    static func notFound(_ kind: String, _ id: String) -> IAMError {
        IAMError(status: 404, code: "IAM.0004", message: "Could not find \(kind): \(id).")
    }
}
