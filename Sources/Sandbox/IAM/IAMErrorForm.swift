/// The two shapes of IAM's errors (protocol page, b.1).
package enum IAMErrorForm: String, Sendable {
    /// `{"error":{"code":401,"message":"…","title":"Unauthorized"}}`.
    case keystone
    /// `{"error_msg":"…","error_code":"IAM.0001"}`.
    case iam
}
