import Codecs
import Audit
import HTTPTypes
import Hummingbird
import Inquiry
import NIOPosix

/// What the admin port answers about the journal's evidence. Reading segments is work for a thread that may block.
struct EvidenceRoutes {
    /// One verification at a time: it reads the whole journal.
    private static let turn = VerificationTurn()

    let state: AdminState

    func add(to router: Router<BasicRequestContext>) {
        let group = router.group("/audit")
        group.get("/checkpoint") { _, _ in
            guard let checkpoint = state.notary?.checkpoint else { return refusal(.notFound, "no_checkpoint", "There is no checkpoint yet.") }
            return answer(.ok, checkpoint.note, type: "text/plain; charset=utf-8")
        }
        group.get("/public-key") { _, _ in
            let keys = (state.notary?.publicKeys ?? []).map { $0.text + "\n" }.joined()
            return answer(keys.isEmpty ? .notFound : .ok, keys, type: "text/plain; charset=utf-8")
        }
        group.get("/proof/:seq") { request, context in
            guard let sequence = context.parameters.get("seq").flatMap({ UInt64($0) }) else {
                return refusal(.badRequest, "bad_request", "The path ends in the number of a record.")
            }
            let size = request.uri.queryParameters["size"].flatMap { UInt64($0) }
            return await proof { prover throws(ProofFault) in try prover.inclusion(of: sequence, at: size) }
        }
        group.get("/consistency/:size") { request, context in
            guard let old = context.parameters.get("size").flatMap({ UInt64($0) }) else {
                return refusal(.badRequest, "bad_request", "The path ends in the size of a checkpoint.")
            }
            let size = request.uri.queryParameters["size"].flatMap { UInt64($0) }
            return await proof { prover throws(ProofFault) in try prover.consistency(from: old, to: size) }
        }
        group.get("/verify") { _, _ in await verification() }
    }

    private func proof(_ make: @escaping @Sendable (Prover) throws(ProofFault) -> String) async -> Response {
        let directory = state.journal.directory
        let result = try? await NIOThreadPool.singleton.runIfActive { () -> Result<String, ProofFault> in
            do throws(ProofFault) {
                return .success(try make(Prover(directory: directory)))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let text)?: return answer(.ok, text, type: "text/plain; charset=utf-8")
        case .failure(.noCheckpoint)?: return refusal(.notFound, "not_signed", "No checkpoint covers that yet.")
        case .failure(.removed(let before))?: return refusal(.gone, "removed", "Records before \(before) were removed after audit.retain.")
        case .failure(.broken)?: return refusal(.conflict, "broken", "The journal does not give the root that the checkpoint signs: verify it.")
        case .failure(.unreadable)?, nil: return refusal(.serviceUnavailable, "unreadable", "The journal can't be read.")
        }
    }

    private func verification() async -> Response {
        guard Self.turn.take() else {
            var response = refusal(.serviceUnavailable, "busy", "A verification is running.")
            response.headers[.retryAfter] = "10"
            return response
        }
        defer { Self.turn.giveBack() }
        let (directory, keys) = (state.journal.directory, state.notary?.publicKeys ?? [])
        let report = try? await NIOThreadPool.singleton.runIfActive {
            var verifier = JournalVerifier(directory: directory, keys: keys)
            return try verifier.verify()
        }
        guard let report else { return refusal(.serviceUnavailable, "unreadable", "The journal can't be read.") }
        return answer(.ok, report.json + "\n", type: "application/json")
    }

    private func refusal(_ status: HTTPResponse.Status, _ title: String, _ sentence: String) -> Response {
        var json = JSONWriter()
        json.open()
        json.member("title", title)
        json.member("detail", sentence)
        json.close()
        return answer(status, String(decoding: json.bytes, as: UTF8.self) + "\n", type: "application/problem+json")
    }

    private func answer(_ status: HTTPResponse.Status, _ text: String, type: String) -> Response {
        Response(status: status, headers: [.contentType: type, .cacheControl: "no-store"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
