import Catalogue
import Testing

@Suite struct OperationSecretsTests {
    @Test func `names every secret in requests`() {
        let found = Operation.allCases.filter { !$0.secretRequestFields.isEmpty }
        #expect(
            found.map { "\($0.name) \($0.secretRequestFields.map { "\($0.place):\($0.name)" }.joined(separator: " "))" } == [
                "AddRegistry body:registry_password",
                "BatchAddAccounts header:X-Security-Token",
                "ChangeExtendedWeakPassword body:extended_weak_password",
                "CreateCicdConfigurationCommand body:login_password body:image_scan_info.login_password",
                "CreateMultiCloudClusters body:image_repo_password body:kube_config",
                "DeleteAccount header:X-Security-Token",
                "EnableTrustService header:X-Security-Token",
                "ListAccounts header:X-Security-Token",
                "ListOrganizationTree header:X-Security-Token",
                "ListTrustServiceStatus header:X-Security-Token",
                "ParseMultiCloudClusterConfig body:kube_config",
                "ShowImageUploadCommand query:password",
                "ShowMultiCloudClusterImageCommand query:password",
                "UpdateMultiCloudClusters body:kubeconfig",
                "UpdateRegistry body:registry_password",
                "ValidateAdmin header:X-Security-Token",
            ])
    }

    @Test func `names every secret in answers`() {
        let found = Operation.allCases.filter { !$0.secretResponseFields.isEmpty }
        #expect(
            found.map { "\($0.name) \($0.secretResponseFields.joined(separator: " "))" } == [
                "CreateCicdConfigurationCommand cicd_command",
                "ListAgentInstallScript install_script_list",
                "ListClusterProtectionDefaultPolicy x_auth_token",
                "ListClusterProtectionPolicy x_auth_token",
                "ListClusterProtectionPolicyDetail x_auth_token",
                "ListSameEvents data_list[].user_info_list[].pwd_hash",
                "ListSecurityEvents data_list[].user_info_list[].pwd_hash",
                "ShowExtendedWeakPassword extended_weak_password",
                "ShowImageUploadCommand image_command",
                "ShowK8sContainerDetail service_password",
                "ShowMultiCloudClusterImageCommand secret_command",
                "ShowMultiCloudClusterProxyScript install_script",
            ])
    }

    @Test func `describes every secret query value as a parameter of its operation`() {
        for operation in Operation.allCases {
            for field in operation.secretRequestFields where field.place == .query {
                #expect(operation.queryParameter(named: field.name) != nil, "\(operation)")
            }
        }
    }
}
