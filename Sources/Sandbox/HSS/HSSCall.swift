/// One call of an operation by a known caller in its own project.
struct HSSCall: Sendable {
    let parts: SandboxParts
    let context: RequestContext
    let route: HSSRoute
    let parameters: [String: String]
    let principal: Principal
    let projectID: String

    private var request: SandboxRequest { context.request }
    private var account: SandboxAccount { parts.configuration.accounts[principal.account] }

    /// The ledger's notes about the call.
    var notes: [LedgerNote] {
        var notes: [LedgerNote] = []
        if route.changesState, route.method == "GET" { notes.append(.changedByGet) }
        let enterpriseProjects = request.query.values("enterprise_project_id").count
        if enterpriseProjects > 1 { notes.append(.repeatedEnterpriseProject) }
        if enterpriseProjects > 0, !route.takesEnterpriseProject { notes.append(.enterpriseProjectNotTaken) }
        return notes
    }

    /// Executes the call.
    func answer(failsTask: Bool) -> SandboxResponse {
        let enterpriseProjects: [String]
        switch EnterpriseProjectSelection(query: request.query, account: account) {
        case .refused: return failure(.insufficientPermission)
        case .repeated: return failure(.invalidParameter)
        case .granted(let ids): enterpriseProjects = ids
        }
        let body: JSONValue?
        do throws(JSONSyntaxError) {
            body = try document()
        } catch {
            return failure(.malformedRequest)
        }
        guard let page = ListPage(request.query) else { return failure(.invalidParameter) }
        if route.changesState { parts.ledger.countChange(route.operation) }
        switch route.answer {
        case .createsTask: return createTask(body, enterpriseProjects, failsTask: failsTask)
        case .pollsTask: return poll { parts.tasks.poll(parameters["task_id"] ?? "", project: projectID) }
        case .pollsLatestTask: return poll(pollLatest)
        case .downloadsFile: return download(parameters["file_id"] ?? "")
        case .downloadsText: return DownloadAnswer.text(of: route.operation)
        case .sample(let data): return .json(200, data.page(offset: page.offset, limit: page.limit))
        case .echoesToken: return echo()
        case .list: return .json(200, ["total_num": 0, "data_list": []])
        case .object: return .json(200, [:])
        }
    }

    private func failure(_ code: HSSErrorCode) -> SandboxResponse {
        context.response(.service(code, context.language(parts.configuration)))
    }

    /// The body as JSON; nil for none and for other media types, such as a logo sent as a form.
    private func document() throws(JSONSyntaxError) -> JSONValue? {
        let mediaType = (request.header("Content-Type") ?? "application/json").lowercased()
        guard !request.body.isEmpty, mediaType.hasPrefix("application/json") else { return nil }
        return try JSONParser.parse(request.body)
    }

    private func createTask(_ body: JSONValue?, _ enterpriseProjects: [String], failsTask: Bool) -> SandboxResponse {
        guard let filter = ExportFilter(body: body, query: request.query, enterpriseProjects: enterpriseProjects) else {
            return failure(.invalidParameter)
        }
        let table = ExportedTable(
            seed: parts.configuration.seed, population: parts.configuration.exportRows, enterpriseProjects: account.enterpriseProjects,
            filter: filter)
        let task = parts.tasks.create(
            operation: route.operation, project: projectID, table: table, fails: failsTask, now: context.now)
        return .json(200, ["record_total_num": .integer(Int64(table.rows.count)), "task_id": .string(task.id)])
    }

    private func poll(_ task: () -> ExportTask?) -> SandboxResponse {
        task().map { .json(200, $0.json) } ?? failure(.notFound)
    }

    private func pollLatest() -> ExportTask? {
        if let id = request.query.first("task_id") { return parts.tasks.poll(id, project: projectID) }
        return parts.tasks.pollLatest(type: request.query.first("export_task_type"), project: projectID)
    }

    private func download(_ fileID: String) -> SandboxResponse {
        let setting = parts.configuration.download
        if let byteCount = DownloadAnswer.patternByteCount(fileID) {
            return DownloadAnswer.file(.pattern(byteCount: byteCount), name: "\(fileID).zip", setting)
        }
        guard let task = parts.tasks.task(file: fileID, project: projectID) else { return failure(.notFound) }
        return DownloadAnswer.file(.bytes(task.file), name: task.fileName, setting)
    }

    /// Three operations return the backend's token. In the cloud a signed call has one as well: the API gateway creates it.
    private func echo() -> SandboxResponse {
        let token =
            principal.token
            ?? parts.tokens.issue(
                Principal(account: principal.account, scope: .project(projectID), token: nil), methods: ["hw_ak_sk"],
                lifetime: parts.configuration.tokenLifetime, now: context.now
            ).token
        return .json(200, ["total_num": 0, "data_list": [], "x_auth_token": .string(token)])
    }
}
