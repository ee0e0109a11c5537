/// The rows of one export, generated from a seed whenever they are needed: the same ones every time.
struct ExportedTable: Sendable {
    /// Rows of one export at most: 100,000 are about 12 MB, held while a file is sent.
    static let mostRows = 100_000

    /// The values of a row, before it is written as CSV.
    struct Row: Sendable, Equatable {
        var imageType: String
        var imageName: String
        var imageVersion: String
        var severity: String
        var checkName: String
        var enterpriseProject: String
    }

    var seed: UInt64
    /// Rows that exist before filtering.
    var population: Int
    /// The enterprise projects that the rows are spread over, the default one first.
    var enterpriseProjects: [String]
    var filter: ExportFilter

    private static let images = ["nginx", "redis", "openjdk", "python", "postgres", "alpine"]
    private static let checks = ["CIS_Docker", "SSH", "Weak_Password", "Linux_CIS", "Sensitive_File"]

    /// The rows that match the filter.
    var rows: [Row] {
        let matching = (0..<min(population, Self.mostRows)).lazy.map(row).filter(matches)
        return Array(matching.prefix(filter.size ?? Self.mostRows))
    }

    /// The rows as CSV (RFC 4180), with a header line.
    var csv: [UInt8] {
        var text = "image_type,image_name,image_version,severity,check_name,enterprise_project_id\r\n"
        for row in rows {
            text += "\(row.imageType),\(row.imageName),\(row.imageVersion),\(row.severity),\(row.checkName),\(row.enterpriseProject)\r\n"
        }
        return Array(text.utf8)
    }

    private func row(_ index: Int) -> Row {
        var state = seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        func pick(_ choices: [String]) -> String {
            state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            state ^= state >> 27
            return choices[Int(state >> 33) % choices.count]
        }
        // Every seventh row belongs to each type, every fourth to another enterprise project: small exports have all of
        // them.
        let imageType = ExportFilter.imageTypes[index % ExportFilter.imageTypes.count]
        let severity = ExportFilter.severities[index / 2 % ExportFilter.severities.count]
        let others = enterpriseProjects.dropFirst()
        let project = index % 4 == 3 && !others.isEmpty ? others[others.startIndex + index / 4 % others.count] : "0"
        return Row(
            imageType: imageType, imageName: pick(Self.images), imageVersion: "1.\(index)", severity: severity,
            checkName: pick(Self.checks), enterpriseProject: project)
    }

    private func matches(_ row: Row) -> Bool {
        filter.enterpriseProjects.contains(row.enterpriseProject) && (filter.imageType.map { $0 == row.imageType } ?? true)
            && (filter.severity.map { $0 == row.severity } ?? true) && (filter.imageName.map { row.imageName.contains($0) } ?? true)
    }
}
