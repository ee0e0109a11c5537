/// The names of HSS's operations in Huawei's Cloud Trace Service (CTS): its list has 55 names, of which 24 are names of the API except for their
/// case. Source: "HSS Operations Supported by CTS", the user guide of HSS (support.huaweicloud.com, page hss_01_0071), and Open Telekom Cloud's
/// edition of it. It is not published which operations of the API the other names stand for: this is inferred from titles and paths, and if several
/// are possible, all are given. CTS may use more names than its list.
package enum CloudTraceNames {
    /// The operations that a trace's name can stand for: those of the list, and the operation of the same name whatever its case.
    package static func operations(ofTrace name: String) -> [String] {
        let folded = name.lowercased()
        let listed = table[folded] ?? []
        guard let same = byFoldedName[folded], !listed.contains(same) else { return listed }
        return listed + [same]
    }

    /// Whether CTS is known to record an operation.
    package static func keeps(_ operation: String) -> Bool { kept.contains(operation) }

    private static let kept = Set(table.values.joined())
    private static let byFoldedName = Dictionary(Operation.allCases.map { ($0.name.lowercased(), $0.name) }, uniquingKeysWith: { first, _ in first })

    /// By the trace's name in lower case.
    static let table: [String: [String]] = [
        "addhostprotectdirinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "addhostsgroup": ["AddHostsGroup"],
        "addloginwhitelist": ["AddLoginWhiteList"],
        "addpolicygroup": ["AddPolicyGroup"],
        "addprivilegedprocessinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "addtimingoffconfiginfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "associatehostsgroup": ["AssociateHostsGroup"],
        "cancelhostsquota": ["CancelHostsQuota"],
        "changeblockedip": ["ChangeBlockedIp"],
        "changeevent": ["ChangeEvent"],
        "changehostsgroup": ["ChangeHostsGroup"],
        "changeisolatedfile": ["ChangeIsolatedFile"],
        "changevulstatus": ["ChangeVulStatus"],
        "closeautokillvirusstatus": ["StartAutoKillVirusStatus"],
        "closecontainerprotectstatus": ["SwitchContainerProtectStatus"],
        "closehostsprotectstatus": ["SwitchHostsProtectStatus"],
        "closewtpprotectionstatus": ["BatchStartWebTamperProtection", "SetWtpProtectionStatusInfo", "SwitchWebTamperProtectStatus"],
        "deletebackuphostinfo": ["DeleteBackupHostInfo"],
        "deletehostprotectdirinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "deletehostsgroup": ["DeleteHostsGroup"],
        "deletepolicygroup": ["DeletePolicyGroup"],
        "deleteprivilegedprocessinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "deletetimingoffconfiginfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "deploypolicygroup": ["AssociatePolicyGroup"],
        "ignorecheckrulestat": ["ChangeCheckRuleAction"],
        "ignoreportstatus": ["BatchModifyPortStatus"],
        "modifylogincommonip": ["ModifyLoginCommonIp"],
        "modifylogincommonlocation": ["ModifyLoginCommonLocation"],
        "modifyloginwhiteip": ["ModifyLoginWhiteIp"],
        "modifypolicydetail": [],
        "modifypolicygroup": ["ChangePolicyGroup"],
        "notignorecheckrulestat": ["ChangeCheckRuleAction"],
        "notignoreportstatus": ["BatchModifyPortStatus"],
        "openautokillvirusstatus": ["StartAutoKillVirusStatus"],
        "opencontainerprotectstatus": ["SwitchContainerProtectStatus"],
        "openhostsprotectstatus": ["SwitchHostsProtectStatus"],
        "openwtpprotectionstatus": ["BatchStartWebTamperProtection", "SetWtpProtectionStatusInfo", "SwitchWebTamperProtectStatus"],
        "removealarmwhitelist": ["RemoveAlarmWhiteList"],
        "removeloginwhitelist": ["RemoveLoginWhiteList"],
        "resetriskscore": [],
        "runbaselinedetect": ["RunBaselineDetect"],
        "runimagescan": ["BatchScanLocalImage", "BatchScanSwrImage", "CreateManualImageScanTask"],
        "runimagesynchronizetask": ["CreateImageSynchronizeTask", "RunImageSynchronize"],
        "runswrimagescan": ["BatchScanSwrImage"],
        "setdateoffconfiginfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "setprotectdirswitchinfo": ["SetProtectDirSwitchInfo"],
        "setraspswitch": ["SetRaspSwitch"],
        "setremotebackupinfo": ["SetRemoteBackupInfo"],
        "settimingoffswitchinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "uninstallagents": ["UninstallAgents"],
        "updatebackuphostinfo": ["UpdateBackupHostInfo"],
        "updatehostprotectdirinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "updateprivilegedprocessinfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
        "updaterasppathinfo": ["UpdateWebTamperRaspPath"],
        "updatetimingoffconfiginfo": ["UpdateWebTamperHostPolicy", "UpdateWebTamperProtectionConfig"],
    ]
}
