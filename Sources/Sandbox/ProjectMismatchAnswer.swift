/// The answer for a project that isn't the caller's; HSS doesn't document it (emulator notes, section 3).
package enum ProjectMismatchAnswer: String, Sendable {
    /// 403 `APIGW.0310`.
    case projectUnavailable = "apigw_0310"
    /// 400 `00000010`, the shape without `error_msg`.
    case accessDenied = "hss_00000010"
}
