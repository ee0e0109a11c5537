import NIOCore

/// What requests and their answers ask of a connection besides bytes.
extension ConnectionHandler {
    func permitBody() {
        guard !isHTTP10 else { return }
        makeRoom(for: 0)
        output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        flush()
    }

    func cutShort() {
        keepsAlive = false
    }

    /// Its client has one answer at a time.
    var wantsBareRefusals: Bool { false }
    var isOverfull: Bool { false }

    func hold(_ loan: PageLoan) {
        if context != nil { self.loan = loan }
    }
}
