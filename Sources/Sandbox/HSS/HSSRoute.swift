/// An operation of HSS as answered by the stand-in.
struct HSSRoute: Sendable {
    /// How an operation is answered.
    enum Answer: Sendable, Equatable {
        /// Makes an export task.
        case createsTask
        /// Returns the state of the task in the path.
        case pollsTask
        /// The same for the newest task, or the one named in the query.
        case pollsLatestTask
        /// Returns a file.
        case downloadsFile
        /// Returns a short text as a file.
        case downloadsText
        /// A list with realistic rows.
        case sample(SampleData)
        /// Returns the caller's token, as three real operations do.
        case echoesToken
        /// An empty list.
        case list
        /// An empty object.
        case object
    }

    var operation: String
    var method: String
    var changesState: Bool
    var takesEnterpriseProject: Bool
    var answer: Answer

    /// How the operation of that name is answered.
    static func answer(to operation: String, createsTask: Bool) -> Answer {
        switch operation {
        case "ListQueryExportTask", "ShowExportTask": .pollsTask
        case "ShowLatestExportTaskByType": .pollsLatestTask
        case "ListDownloadExportedFile": .downloadsFile
        case "ShowScriptFile", "DownloadEventSourceFile": .downloadsText
        case "ListClusterProtectionPolicy", "ListClusterProtectionDefaultPolicy", "ListClusterProtectionPolicyDetail": .echoesToken
        case "ListImageRiskConfigs": .sample(.imageRiskConfigs)
        case "ListVulnerabilities": .sample(.vulnerabilities)
        case "ListHostStatus": .sample(.hosts)
        case _ where createsTask: .createsTask
        case _ where operation.hasPrefix("List"): .list
        default: .object
        }
    }
}
