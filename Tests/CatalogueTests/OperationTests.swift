import Catalogue
import Testing

@testable import CatalogueGenerator

@Suite struct OperationTests {
    @Test func `knows of every operation what the document says`() throws {
        let described = try OpenAPIDocument(yaml: RepositoryFile.text(RepositoryFile.openAPI)).operations()
        #expect(described.count == Operation.count)
        for (index, expected) in described.enumerated() {
            let operation = Operation(index: index)
            #expect(operation.index == index)
            #expect(operation.name == expected.name)
            #expect(Operation(named: expected.name) == operation)
            #expect(operation.method.rawValue.lowercased() == expected.method)
            #expect(operation.template == expected.template)
            #expect(operation.kind.rawValue == expected.kind)
            #expect(operation.hasProject == expected.hasProject)
            #expect(operation.takesEnterpriseProject == expected.takesEnterpriseProject)
            #expect(operation.takesRegion == expected.takesRegion)
            #expect(operation.requestBody == Self.requestBodies[expected.requestBody])
            #expect(operation.exportStep == Self.exportSteps[expected.exportStep])
            #expect(operation.pathParameters == expected.pathParameters.map(\.name))
            #expect(operation.queryParameters.map(\.name) == expected.queryParameters.map(\.name))
            #expect(operation.queryParameters.map(\.repeats) == expected.queryParameters.map(\.repeats))
            #expect(
                operation.secretRequestFields.map { "\($0.place):\($0.name)" }
                    == expected.secretRequestFields.map { "\($0.place):\($0.name)" })
            #expect(operation.secretResponseFields == expected.secretResponseFields)
        }
    }

    private static let requestBodies: [String: RequestBodyKind] = [
        "none": .none, "object": .jsonObject, "array": .jsonArray, "multipart": .multipart,
    ]
    private static let exportSteps: [String: ExportStep] = ["create": .create, "poll": .poll, "download": .download]

    @Test func `counts what the documentation of HSS v5 counts`() {
        let all = Operation.allCases
        #expect(all.count == 582)
        #expect(OperationMethod.allCases.map { method in all.count { $0.method == method } } == [359, 133, 60, 30])
        #expect(OperationKind.allCases.map { kind in all.count { $0.kind == kind } } == [366, 198, 15, 3])
        #expect(all.count { $0.takesEnterpriseProject } == 543)
        #expect(all.count { $0.takesRegion } == 110)
        #expect(all.count { $0.queryParameters.contains(where: \.repeats) } == 17)
        #expect(all.count { $0.method == .delete && $0.requestBody != .none } == 19)
        #expect(all.filter { !$0.hasProject }.map(\.name).sorted() == Self.withoutProject)
    }

    private static let withoutProject = [
        "BatchAddAccounts", "DeleteAccount", "EnableTrustService", "ListAccounts", "ListOrganizationTree", "ListTrustServiceStatus",
        "ValidateAdmin",
    ]

    @Test func `takes for a write every GET that starts work`() {
        let writes = Operation.allCases.filter { $0.method == .get && $0.kind == .write }.map(\.name)
        #expect(
            writes == [
                "RunBaselineDetect", "SyncClusterList", "SyncContainerNetworkNode", "SyncContainerNetworkPolicyList",
                "SyncSecurityGroupPolicies",
            ])
    }

    @Test func `takes for a read every POST that only asks`() {
        #expect(Operation.allCases.count { $0.method == .post && $0.kind == .read } == 16)
        #expect(Operation(named: "ShowVulReportData")?.kind == .read)
    }

    @Test func `knows the steps of an export`() {
        let creating = Operation.allCases.filter { $0.exportStep == .create }
        #expect(creating.count == 14)
        #expect(creating.allSatisfy { $0.kind == .export && $0.method == .post })
        #expect(Operation.allCases.filter { $0.kind == .export && $0.exportStep == nil }.map(\.name) == ["ExportSecurityCheckReport"])
        #expect(
            Operation.allCases.filter { $0.exportStep == .poll }.map(\.name)
                == ["ListQueryExportTask", "ShowExportTask", "ShowLatestExportTaskByType"])
        #expect(Operation.allCases.filter { $0.exportStep == .download }.map(\.name) == ["ListDownloadExportedFile"])
    }

    @Test func `answers a file exactly where the kind is download`() throws {
        let document = try OpenAPIDocument(yaml: RepositoryFile.text(RepositoryFile.openAPI))
        let paths = try document.root.required("paths")
        for operation in Operation.allCases {
            let description = try paths.required(operation.template).required(operation.method.rawValue.lowercased())
            let answer = try document.resolve(description.required("responses").required("200"))
            #expect((answer["content"]?["application/json"] == nil) == (operation.kind == .download), "\(operation)")
        }
    }

    @Test(arguments: ["batchExportBaselineTask", "", "A", "zzz", "BatchExportBaselineTas", "ShowWindosVulDetail"])
    func `knows no operation by another name`(name: String) { #expect(Operation(named: name) == nil) }

    @Test func `finds query parameters and which of them repeat`() throws {
        let events = try #require(Operation(named: "ListSecurityEvents"))
        #expect(events.queryParameter(named: "tag_list")?.repeats == true)
        #expect(events.queryParameter(named: "category")?.repeats == false)
        #expect(events.queryParameter(named: "Category") == nil)
    }

    @Test(arguments: [
        ("ListQueryExportTask", "task_id", "/v5/p/export-task/t-1", "t-1"),
        ("ListQueryExportTask", "project_id", "/v5/p/export-task/t-1", "p"),
        ("ListDownloadExportedFile", "file_id", "/v5/p/download/a%20b", "a%20b"),
        ("DeleteResourceInstanceTag", "resource_id", "/v5/p/hosts/h/tags/k", "h"),
        ("DeleteResourceInstanceTag", "key", "/v5/p/hosts/h/tags/k", "k"),
    ])
    func `finds a parameter's value in the path`(operation: String, parameter: String, path: String, value: Substring) throws {
        #expect(try #require(Operation(named: operation)).value(ofPathParameter: parameter, in: path) == value)
    }

    @Test func `finds no value for a parameter that the path lacks`() throws {
        let poll = try #require(Operation(named: "ListQueryExportTask"))
        #expect(poll.value(ofPathParameter: "file_id", in: "/v5/p/export-task/t-1") == nil)
        #expect(poll.value(ofPathParameter: "task_id", in: "/v5/p") == nil)
    }
}
