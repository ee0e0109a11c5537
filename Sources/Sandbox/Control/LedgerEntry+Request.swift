import Crypto

extension LedgerEntry {
    /// The entry of a request whose answer is known. `Ledger.append` gives it its number.
    init(_ context: RequestContext, admission: Admission, fault: String?, status: Int) {
        let request = context.request
        self.init(
            sequence: 0, time: context.now, side: request.origin.side, connection: request.origin.connection, method: request.method,
            target: request.target, headers: request.headers, bodyLength: request.bodyLength,
            bodyDigest: Hexadecimal.text(SHA256.hash(data: request.body)), body: Array(request.body.prefix(Ledger.mostBodyBytes)),
            operation: admission.operation, verdict: admission.verdict, notes: admission.notes, fault: fault, status: status,
            requestID: context.requestID)
    }
}
