/// An error in the form of the API gateway or of HSS itself.
struct CloudError: Equatable, Sendable {
    /// Which of the cloud's error shapes the body has.
    enum Shape: Equatable, Sendable {
        /// `error_msg`, `error_code`, `request_id`: the API gateway.
        case gateway
        /// `error_code`, `error_description`, `error_msg`: HSS.
        case service
        /// HSS's older shape without `error_msg`.
        case serviceWithoutMessage
    }

    var status: Int
    var code: String
    var message: String
    var shape: Shape

    /// The body; the cloud's order of keys varies, so `reversed` reverses it.
    func body(requestID: String, reversed: Bool) -> JSONValue {
        let members: [JSONValue.Member] =
            switch shape {
            case .gateway:
                [
                    .init(key: "error_msg", value: .string(message)), .init(key: "error_code", value: .string(code)),
                    .init(key: "request_id", value: .string(requestID)),
                ]
            case .service:
                [
                    .init(key: "error_code", value: .string(code)), .init(key: "error_description", value: .string(message)),
                    .init(key: "error_msg", value: .string(message)),
                ]
            case .serviceWithoutMessage:
                [.init(key: "error_code", value: .string(code)), .init(key: "error_description", value: .string(message))]
            }
        return .object(reversed ? members.reversed() : members)
    }
}

extension CloudError {
    private static func gateway(_ status: Int, _ code: String, _ message: String) -> CloudError {
        CloudError(status: status, code: code, message: message, shape: .gateway)
    }

    static let malformedRequest = gateway(400, "APIGW.0201", "API request error.")
    static let bodyTooLarge = gateway(413, "APIGW.0201", "Request entity too large.")
    static let targetTooLarge = gateway(414, "APIGW.0201", "Request URI too large.")
    static let headersTooLarge = gateway(494, "APIGW.0201", "Request headers too large.")
    static let unknownRoute = gateway(404, "APIGW.0101", "The API does not exist or has not been published in the environment.")
    static let otherMethod = gateway(404, "APIGW.0101", "The API does not exist.")
    static let tokenMustBeUpdated = gateway(401, "APIGW.0307", "The token must be updated.")
    static let projectUnavailable = gateway(403, "APIGW.0310", "The project is unavailable.")

    /// 401 with the API gateway's lead-in.
    static func authentication(_ detail: String) -> CloudError {
        gateway(401, "APIGW.0301", "Incorrect IAM authentication information: \(detail)")
    }

    /// 429; the cloud sends no `Retry-After` with it.
    static func throttled(_ refusal: Throttle.Refusal) -> CloudError {
        let time = refusal.seconds % 60 == 0 ? "\(refusal.seconds / 60) minute" : "\(refusal.seconds) second"
        let policy = "policy \(refusal.policy.rawValue) over ratelimit,limit:\(refusal.limit),time:\(time)"
        return gateway(429, "APIGW.0308", "The throttling threshold has been reached: \(policy)")
    }

    /// One of HSS's own errors: 400 for nearly everything, permissions and missing things included.
    static func service(_ code: HSSErrorCode, _ language: MessageLanguage) -> CloudError {
        CloudError(status: 400, code: code.rawValue, message: code.message(language), shape: .service)
    }

    /// The older body without `error_msg`, seen for refused projects.
    static func accessDenied(_ language: MessageLanguage) -> CloudError {
        CloudError(
            status: 400, code: "00000010", message: language == .chinese ? "拒绝访问" : "Access denied.", shape: .serviceWithoutMessage)
    }
}
