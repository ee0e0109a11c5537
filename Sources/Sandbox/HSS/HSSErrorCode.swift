/// HSS's own error codes, as far as the stand-in uses them (protocol page, c.3).
enum HSSErrorCode: String, Sendable {
    case invalidParameter = "HSS.0001"
    case malformedRequest = "HSS.0002"
    case notFound = "HSS.0011"
    case insufficientPermission = "HSS.0013"

    /// The text that goes with the code.
    func message(_ language: MessageLanguage) -> String {
        switch (self, language) {
        case (.invalidParameter, .chinese): "参数不合法"
        case (.invalidParameter, .english): "Invalid parameter."
        case (.malformedRequest, .chinese): "解析请求失败"
        case (.malformedRequest, .english): "Failed to parse the request."
        case (.notFound, .chinese): "资源不存在"
        case (.notFound, .english): "Resource not found."
        case (.insufficientPermission, .chinese): "权限不足"
        case (.insufficientPermission, .english): "Insufficient permissions."
        }
    }
}
