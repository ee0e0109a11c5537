import Audit
import Catalogue
import Policy
import Testing

@testable import Gateway

@Suite struct BodyInspectionTests {
    @Test(
        arguments: [
            ("task_id=t-1", "t-1"), ("a=b&task_id=t-1&z", "t-1"), ("export_task_type=x&task_id=t-1&task_id=t-2", "t-1"), ("task_id=", nil), ("", nil),
            // Another spelling is another parameter.
            ("Task_Id=t-1", nil), ("TASK_ID=t-1&task_id=t-2", "t-2"), ("task_idx=t-1", nil), ("xtask_id=t-1", nil), ("a=task_id=t-1", nil),
        ] as [(String, String?)])
    func `takes the task that a poll names in its query, by exactly that name`(query: String, task: String?) throws {
        let operation = try #require(Operation.allCases.first { $0.name == "ShowLatestExportTaskByType" })
        let target = try RequestTarget(originForm: "/v5/p/export-task" + (query.isEmpty ? "" : "?" + query))
        #expect(BodyInspection(of: operation, target: target).exportOfRequest?.taskID == task)
    }
}
