import CatalogueGenerator
import Testing

/// BatchExportBaselineTask is the only operation whose whole documentation is in the catalogue.
@Suite struct BaselineExportDescriptionTests {
    let document: OpenAPIDocument
    let operation: Node

    init() throws {
        document = try OpenAPIDocument(yaml: RepositoryFile.text(RepositoryFile.openAPI))
        operation = try document.root.required("paths").required("/v5/{project_id}/image/baseline/export").required("post")
    }

    @Test(arguments: [
        ("enterprise_project_id", "query", ["minLength": "1", "maxLength": "256", "default": "0"]),
        ("export_size", "query", ["minimum": "0", "maximum": "2147483647"]),
        ("region", "header", ["minLength": "1", "maxLength": "128"]),
        ("X-Auth-Token", "header", ["minLength": "1", "maxLength": "32768"]),
    ])
    func `has each parameter with its range`(name: String, place: String, limits: [String: String]) throws {
        let parameters = try (operation["parameters"]?.sequence ?? []).map { try document.resolve($0) }
        let parameter = try #require(parameters.first { $0["name"]?.string == name })
        #expect(parameter["in"]?.string == place)
        #expect(parameter["required"] == nil)
        for (key, value) in limits { #expect(try parameter.required("schema").required(key).string == value) }
    }

    @Test func `has every field of the body and no other`() throws {
        let fields = try #require(try schema().required("properties").mapping)
        #expect(
            fields.compactMap(\.key.string).sorted() == [
                "build_command_risk_level", "build_command_risk_name", "build_command_rule_id_list", "cicd_name", "end_latest_scan_time",
                "end_latest_update_time", "has_container", "has_malicious_file", "has_unsafe_setting", "has_vul", "image_id",
                "image_id_list", "image_name", "image_size", "image_type", "image_version", "instance_id", "instance_name",
                "latest_version", "namespace", "operate_all", "risky", "scan_status", "severity_level", "start_latest_scan_time",
                "start_latest_update_time", "vul_id_list", "vul_type",
            ])
        #expect(try schema()["required"] == nil)
    }

    @Test(arguments: [
        ("image_type", ["private_image", "shared_image", "local_image", "instance_image", "harbor", "jfrog", "cicd"]),
        ("vul_type", ["linux_vul", "app_vul"]),
        ("scan_status", ["unscan", "success", "scanning", "failed", "download_failed", "image_oversized"]),
        ("severity_level", ["Security", "Low", "Medium", "High"]),
        ("build_command_risk_level", ["critical", "high", "medium", "low"]),
    ])
    func `has the values of each enumerated field`(field: String, values: [String]) throws {
        #expect(try schema().required("properties").required(field).texts("enum") == values)
    }

    @Test(arguments: ["start_latest_update_time", "end_latest_update_time", "start_latest_scan_time", "end_latest_scan_time"])
    func `says of each time that its documented range is not enforced`(field: String) throws {
        let property = try schema().required("properties").required(field)
        #expect(property["maximum"]?.string.flatMap { Int($0) } == 2_147_483_547)
        #expect(try property.requiredText("description").contains("never enforced"))
    }

    @Test func `has both fields of the answer`() throws {
        let answer = try document.resolve(operation.required("responses").required("200"))
        let schema = try document.resolve(answer.required("content").required("application/json").required("schema"))
        let fields = try schema.required("properties")
        #expect(try fields.required("record_total_num")["maximum"]?.string.flatMap { Int($0) } == 2_147_483_647)
        #expect(try fields.required("task_id")["maxLength"]?.string.flatMap { Int($0) } == 256)
    }

    private func schema() throws -> Node {
        try document.resolve(operation.required("requestBody").required("content").required("application/json").required("schema"))
    }
}
