import Audit
import Codecs
import Gateway
import Inquiry
import NIOHTTP1
import NIOPosix

/// The admin port's answers about the journal's evidence. Segments are read on a thread that may block.
struct EvidenceRoutes {
    /// One verification at a time: it reads the whole journal.
    static let turn = VerificationTurn()

    let state: AdminState
    private let desk: VerificationDesk

    init(state: AdminState) {
        self.state = state
        desk = state.verifications
    }

    func add(to router: inout Router) {
        router.get("/audit/checkpoint") { _ in
            guard let checkpoint = state.notary?.checkpoint else { return refusal(.notFound, "no_checkpoint", "There is no checkpoint yet.") }
            return answer(.ok, checkpoint.note, type: "text/plain; charset=utf-8")
        }
        router.get("/audit/public-key") { _ in
            let keys = (state.notary?.publicKeys ?? []).map { $0.text + "\n" }.joined()
            return answer(keys.isEmpty ? .notFound : .ok, keys, type: "text/plain; charset=utf-8")
        }
        router.get("/audit/proof/:seq") { request in
            guard let sequence = request.pathParameter("seq").flatMap(OwnParameters.number) else {
                return refusal(.badRequest, "bad_request", "The path ends in the number of a record.")
            }
            return await proof(request) { prover, size throws(Prover.Fault) in try prover.inclusion(of: sequence, at: size) }
        }
        router.get("/audit/consistency/:size") { request in
            guard let old = request.pathParameter("size").flatMap(OwnParameters.number) else {
                return refusal(.badRequest, "bad_request", "The path ends in the size of a checkpoint.")
            }
            return await proof(request) { prover, size throws(Prover.Fault) in try prover.consistency(from: old, to: size) }
        }
        router.get("/audit/verify") { _ in await verification() }
        router.get("/audit/verifications") { _ in
            let jobs = desk.jobs
            return Self.json { json in json.list("verifications", jobs) { json, job in job.write(to: &json) } }
        }
        router.post("/audit/verifications") { request in await begin(request) }
        router.get("/audit/verifications/:id") { request in
            job(request.pathParameter("id").flatMap { desk.job($0) })
        }
        router.delete("/audit/verifications/:id") { request in
            job(request.pathParameter("id").flatMap { desk.cancel($0) })
        }
        router.get("/audit/checkpoints") { request in await checkpoints(request) }
        router.get("/audit/exports/:task/bundle") { request in await bundle(request.pathText("task"), request) }
    }

    // MARK: - Verifications in the background

    private static func json(status: HTTPResponseStatus = .ok, _ members: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(members)
        json.newline()
        var response = AdminAnswer.data(json.bytes, type: "application/json")
        response.status = status
        return response
    }

    private func job(_ job: VerificationDesk.Job?, status: HTTPResponseStatus = .ok) -> Response {
        guard let job else { return AdminAnswer.fault(.notFound, "There is no verification of that id; the newest 16 are kept.") }
        var json = JSONWriter()
        job.write(to: &json)
        json.newline()
        var response = AdminAnswer.data(json.bytes, type: "application/json")
        response.status = status
        return response
    }

    private static let bodyBytes = 4 << 10

    private func begin(_ request: Request) async -> Response {
        let asked: (instance: String?, resume: String?)
        do throws(AdminBody.Fault) {
            let body = try AdminBody(request, atMost: Self.bodyBytes)
            asked = (try body.text("instance"), try body.text("resume"))
        } catch {
            return error.response
        }
        if let instance = asked.instance, instance != state.instance {
            return AdminAnswer.fault(
                .badRequest, "instance is not \(state.instance): each gateway verifies its own journal, `audit verify-database` the copies.")
        }
        if let id = asked.resume {
            guard desk.job(id) != nil else { return AdminAnswer.fault(.notFound, "There is no verification of that id; the newest 16 are kept.") }
            guard let resumed = desk.resume(id) else {
                return AdminAnswer.fault(.conflict, "That verification can't go on: it isn't resting, it was given up, or another one runs.")
            }
            return job(resumed, status: .accepted)
        }
        guard let begun = desk.begin() else {
            return AdminAnswer.fault(.serviceUnavailable, "Another verification reads the journal.", retryAfter: 10)
        }
        return job(begun, status: .accepted)
    }

    // MARK: - Checkpoints and bundles

    /// The parameters of `/audit/checkpoints`.
    private static let filters: Set<String> = [RecordSources.parameter, "instance", "since", "until", "limit"]

    private func checkpoints(_ request: Request) async -> Response {
        let sources = RecordSources(instance: state.instance, journal: state.archive, fleet: state.fleet)
        let question: SummaryQuestion
        do throws(RecordQuery.Fault) {
            question = try SummaryQuestion(request, filters: Self.filters, own: [], places: sources)
        } catch {
            return AuditRoutes.Fault.filter(error).response
        }
        var query = question.query
        if request.parameter("limit") == nil { query.limit = Self.usualCheckpoints }
        guard question.choice == .journal else { return await centralCheckpoints(query) }
        let (directory, asked, isElsewhere) = (state.journal.directory, query, query.instance.map { $0 != state.instance } ?? false)
        let kept = try? await NIOThreadPool.singleton.runIfActive { () -> [KeptCheckpoint] in
            guard !isElsewhere else { return [] }
            // Checkpoints that are too new are skipped after they were read, so the largest allowed number is read.
            let most = asked.until == nil ? asked.limit : Self.mostCheckpoints
            let found = KeptCheckpoint.newest(most, since: asked.since ?? Timestamp(microseconds: 0), in: directory)
            return Array(found.filter { checkpoint in asked.until.map { checkpoint.time < $0 } ?? true }.prefix(asked.limit))
        }
        guard let kept else { return AdminAnswer.fault(.serviceUnavailable, "The gateway is stopping.", retryAfter: 5) }
        let anchors = state.notary?.figures.anchors ?? []
        return Self.json { json in
            json.list("checkpoints", kept) { json, checkpoint in
                // An anchor whose newest copy is at least as large covers this one: its tree is a prefix of that
                // tree.
                let holders = anchors.filter { $0.size >= checkpoint.head.size }.map(\.name)
                Self.write(
                    state.instance, Int64(clamping: checkpoint.head.size), checkpoint.head.root.description, checkpoint.time, holders, to: &json)
            }
        }
    }

    /// Those of all gateways in the central copy.
    private func centralCheckpoints(_ query: RecordQuery) async -> Response {
        guard let fleet = state.fleet else { return AdminAnswer.fault(.notFound, "There is no central copy.") }
        return await AuditRoutes.answering(on: RecordSources.threads(for: .fleet, .lookup)) { () throws(AuditRoutes.Fault) in
            let found = try AuditRoutes.asking { () throws(InquiryError) in try fleet.checkpoints(query) }
            return Self.json { json in
                json.list("checkpoints", found) { json, one in Self.write(one.instance, one.size, one.root, one.time, ["postgresql"], to: &json) }
            }
        }
    }

    private static func write(_ instance: String, _ size: Int64, _ root: String, _ time: Timestamp, _ anchors: [String], to json: inout JSONWriter) {
        json.object { json in
            json.member("instance", instance)
            json.member("size", size)
            json.member("root", root)
            json.member("at", time.description)
            json.list("anchors", anchors) { json, name in json.value(name) }
        }
    }

    private static let (usualCheckpoints, mostCheckpoints) = (200, 1_000)

    private func bundle(_ task: String, _ request: Request) async -> Response {
        let own: OwnParameters
        do throws(RecordQuery.Fault) {
            own = try OwnParameters(request, takes: ["format", RecordSources.parameter])
        } catch {
            return AdminAnswer.fault(.badRequest, error.sentence)
        }
        guard own[RecordSources.parameter] ?? "journal" == "journal" else {
            return AdminAnswer.fault(.badRequest, "source is journal: a bundle is proved from the journal that the records are in.")
        }
        let form = own["format"] ?? "json"
        guard form == "json" || form == "html" else { return AdminAnswer.fault(.badRequest, "format is none of json, html.") }
        let (archive, directory, keys, version) = (state.archive, state.journal.directory, state.notary?.publicKeys ?? [], state.build.version)
        let made = try? await RecordSources.threads(for: .journal, .search).runIfActive { () -> Result<String, BundleFault> in
            do {
                guard let trail = try archive.trail(task: task), !trail.steps.isEmpty, let found = try archive.evidence(task) else {
                    return .failure(.unknown)
                }
                let bundle = try EvidenceBundle(
                    of: found.sequences, in: directory, keys: keys, subject: found.subject, by: "hss-gateway/\(version)")
                return .success(form == "html" ? bundle.html : bundle.json)
            } catch let fault as Prover.Fault {
                return .failure(.proof(fault))
            } catch {
                return .failure(.unreadable)
            }
        }
        switch made {
        case .success(let text)?:
            return answer(.ok, text, type: form == "html" ? "text/html; charset=utf-8" : "application/json")
        case .failure(.unknown)?: return refusal(.notFound, "not_found", "The journal knows no such task.")
        case .failure(.proof(let fault))?: return refusal(of: fault)
        case .failure(.unreadable)?, nil: return refusal(.serviceUnavailable, "unreadable", "The journal can't be read.")
        }
    }

    private enum BundleFault: Error {
        case unknown, unreadable
        case proof(Prover.Fault)
    }

    private func refusal(of fault: Prover.Fault) -> Response {
        switch fault {
        case .noCheckpoint: refusal(.notFound, "not_signed", "No checkpoint covers that yet.")
        case .removed(let before): refusal(.gone, "removed", "Records before \(before) were removed after audit.retain.")
        case .broken: refusal(.conflict, "broken", "The journal does not give the root that the checkpoint signs: verify it.")
        case .unreadable: refusal(.serviceUnavailable, "unreadable", "The journal can't be read.")
        }
    }

    /// - Parameter make: gets the size of the checkpoint in the query.
    private func proof(_ request: Request, _ make: @escaping @Sendable (Prover, UInt64?) throws(Prover.Fault) -> String) async -> Response {
        let size: UInt64?
        do throws(RecordQuery.Fault) {
            size = try OwnParameters(request, takes: ["size"]).number("size")
        } catch {
            return refusal(.badRequest, "bad_request", error.sentence)
        }
        let directory = state.journal.directory
        let result = try? await NIOThreadPool.singleton.runIfActive { () -> Result<String, Prover.Fault> in
            do throws(Prover.Fault) {
                return .success(try make(Prover(directory: directory), size))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let text)?: return answer(.ok, text, type: "text/plain; charset=utf-8")
        case .failure(let fault)?: return refusal(of: fault)
        case nil: return refusal(.serviceUnavailable, "unreadable", "The journal can't be read.")
        }
    }

    private func verification() async -> Response {
        guard Self.turn.take() else {
            var response = refusal(.serviceUnavailable, "busy", "A verification is running.")
            response.headers.add(name: "Retry-After", value: "10")
            return response
        }
        defer { Self.turn.giveBack() }
        let (directory, keys) = (state.journal.directory, state.notary?.publicKeys ?? [])
        let report = try? await RecordSources.threads(for: .journal, .search).runIfActive {
            var verifier = JournalVerifier(directory: directory, keys: keys)
            return try verifier.verify()
        }
        guard let report else { return refusal(.serviceUnavailable, "unreadable", "The journal can't be read.") }
        return answer(.ok, report.json + "\n", type: "application/json")
    }

    private func refusal(_ status: HTTPResponseStatus, _ title: String, _ sentence: String) -> Response {
        var json = JSONWriter()
        json.open()
        json.member("title", title)
        json.member("detail", sentence)
        json.close()
        return answer(status, String(decoding: json.bytes, as: UTF8.self) + "\n", type: "application/problem+json")
    }

    private func answer(_ status: HTTPResponseStatus, _ text: String, type: String) -> Response {
        Response(status, headers: ["Content-Type": type, "Cache-Control": "no-store"], text: text)
    }
}
