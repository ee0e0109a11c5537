/// The bound on request bodies, applied before the upload is read if its length is announced.
enum BodyLimit {
    static func check(_ framing: WireJudge.Framing, limit: Int) throws(Refusal) {
        if case .length(let length) = framing, length > limit { throw exceeded(limit: limit) }
    }

    /// The most that the cloud takes with a signature (protocol page a.5): 12 MB.
    static let signedBody = 12 << 20

    static func exceeded(limit: Int) -> Refusal {
        Refusal(
            .bodyTooLarge, "The body is larger than the \(limit) bytes that this gateway takes.",
            hint: "Send a smaller body. The operator sets `limits.request_body`; more than \(signedBody) bytes go by token only."
        )
    }
}
