/// The requested content of an export: the fields of its body and query that the stand-in supports.
struct ExportFilter: Sendable, Equatable {
    /// The kinds of images that HSS documents for `image_type`.
    static let imageTypes = ["private_image", "shared_image", "local_image", "instance_image", "harbor", "jfrog", "cicd"]
    /// The levels that HSS documents for `severity_level`.
    static let severities = ["Security", "Low", "Medium", "High"]
    /// The largest number HSS documents for `export_size`.
    static let largestExportSize: Int64 = 2_147_483_647

    var imageType: String?
    var severity: String?
    var imageName: String?
    /// The requested maximum of rows; nil for all. Go's SDK always sends the parameter, as 0 when it isn't
    /// set.
    var size: Int?
    /// The enterprise projects to include.
    var enterpriseProjects: [String] = ["0"]

    /// Reads body and query; nil when a value isn't documented by HSS.
    init?(body: JSONValue?, query: QueryParameters, enterpriseProjects: [String]) {
        self.enterpriseProjects = enterpriseProjects
        if let value = body?["image_type"] {
            guard let type = value.string, Self.imageTypes.contains(type) else { return nil }
            imageType = type
        }
        if let value = body?["severity_level"] {
            guard let level = value.string, Self.severities.contains(level) else { return nil }
            severity = level
        }
        if let value = body?["image_name"] {
            guard let name = value.string else { return nil }
            imageName = name
        }
        if let value = body?["operate_all"] {
            guard let all = value.boolean else { return nil }
            // By the API page, the list is required unless everything is requested.
            if !all, (body?["image_id_list"]?.array ?? []).isEmpty { return nil }
        }
        if let text = query.first("export_size") {
            guard let size = Int64(text), (0...Self.largestExportSize).contains(size) else { return nil }
            self.size = size == 0 ? nil : Int(size)
        }
    }
}
