// Made by CatalogueGenerator from openapi.yaml, which is the place to change anything.
// swift-format-ignore-file

/// The description of the API, as GET /openapi.yaml on the admin port answers it.
package enum APIDescription {
    package static let text: StaticString = ###"""
# The catalogue of hss-gateway: every operation of Huawei Cloud Host Security Service (HSS) v5 that the gateway
# forwards, and what the gateway itself adds to each call. This file is the only source: the Swift tables in
# Sources/Catalogue/Operations.generated.swift are made from it, and a test fails when the two differ:
#
#     swift run CatalogueGenerator openapi.yaml > Sources/Catalogue/Operations.generated.swift
#
# What the gateway derives, so that nothing is written twice:
#   operation takes an enterprise project   it has the parameter EnterpriseProjectId
#   operation takes the region header       it has the parameter Region
#   operation has a project                 its path has {project_id}
#   query value may repeat                  the parameter's schema is an array
#   kind of request body                    the media type and the schema of requestBody
#   answer is a file                        the 200 response has no application/json
#   step of an export                       x-hss-export-step of the response component
#
# Vendor extensions:
#   x-hss-kind                    on an operation: read | write | export | download (see "Kinds" below)
#   x-hss-export-step             on a response component: create | poll | download
#   x-hss-secret-request-fields   on an operation: header:NAME, query:NAME or body:FIELD[.FIELD]; never kept in a record
#   x-hss-secret-response-fields  on an operation: FIELD[.FIELD], where [] after a field means each element; never kept
openapi: 3.1.0
info:
  title: hss-gateway
  version: v5
  summary: Unsigned calls to Huawei Cloud HSS in, signed and audited calls out.
  description: |
    Callers send HSS v5 requests without credentials. The gateway finds the operation in this catalogue, decides
    whether the caller may use it, signs the request with its own credential, streams the answer back and writes an
    audit record. An operation that is not listed here is refused with `HSSGW.4030`.

    ## Project in the path

    `{project_id}` is a project's id, a project's configured name, or `_` for the caller's first project.
    The operations under `/v5/setting/account` have no project: the caller's first project decides.

    ## Kinds

    | kind | meaning |
    |---|---|
    | `read` | asks only. A `POST` that only asks is a `read` too, and says so in its description. |
    | `write` | changes something. Five `GET` operations start work in HSS and are therefore `write`. |
    | `export` | takes security data out in bulk: 14 operations create an export task, `ExportSecurityCheckReport` answers at once. |
    | `download` | answers a file: the file of an export, a script, or the source file of an event. |

    The kind decides, never the method. It governs policy, how durable the audit record is before the request leaves,
    and whether a reason is required.

    ## What is and is not described

    `BatchExportBaselineTask` is described in full. The other operations have their parameters, the type of each, the
    kind of body with its top-level fields, and the kind of answer. Which of these HSS requires, and in which ranges,
    is for HSS to judge: the gateway never refuses a request because of a value that only HSS understands.

    ## Where two paths could match

    Fixed text wins over a parameter, and the leftmost difference decides: `GET /v5/p/download/tags` is
    `ListDownloadExportedFile`, not `ListProjectTags`. A parameter matches one segment, which is never empty.
    `HEAD` is matched as `GET`.
servers:
  - url: http://{address}
    description: The gateway's data port. It is a plain HTTP port on loopback unless the configuration says otherwise.
    variables:
      address:
        default: 127.0.0.1:8080
        description: Host and port of a listener in the configuration.
# Callers on loopback need no credential. Any Authorization, X-Auth-Token or X-Sdk-* header is dropped on arrival.
security: []
tags:
  - { name: Accounts, description: 'Accounts of an organization, the only operations without a project' }
  - { name: AI policies, description: 'Policies for AI agents and applications' }
  - { name: Antivirus, description: 'Virus scans, their policies and results' }
  - { name: Application control, description: 'Process whitelists that HSS learns and enforces' }
  - { name: Assets, description: 'Accounts, ports, processes, software and other assets found on hosts and in containers' }
  - { name: Backup, description: 'Server backup policies' }
  - { name: Baseline, description: 'Configuration checks, password rules and weak passwords' }
  - { name: Billing, description: 'Quotas, orders and editions' }
  - { name: Cluster protection, description: 'Policies and events of protected Kubernetes clusters' }
  - { name: Container network, description: 'Network policies and security groups of clusters' }
  - { name: Containers, description: 'Clusters, nodes, their risks, and containers' }
  - { name: Custom rules, description: 'Detection rules of the customer' }
  - { name: Events, description: 'Security events, their handling and whitelists' }
  - { name: Exports, description: 'Export tasks of several areas and the download of their files' }
  - { name: File integrity, description: 'Changed files on hosts' }
  - { name: Honeypot ports, description: 'Dynamic port honeypots' }
  - { name: Hosts, description: 'Hosts, groups of hosts and the agent on them' }
  - { name: Images, description: 'Container images: registries, scans, vulnerabilities, baselines' }
  - { name: Kubernetes, description: 'Kubernetes resources of clusters' }
  - { name: Overview, description: 'Figures for the console' }
  - { name: Plugins, description: 'Plugins of the agent' }
  - { name: Policies, description: 'Policy groups of hosts' }
  - { name: Ransomware, description: 'Ransomware protection and its backups' }
  - { name: RASP, description: 'Runtime application self-protection' }
  - { name: Reports, description: 'Security reports and monthly operation reports' }
  - { name: Security checks, description: 'One-click checks of hosts and clusters' }
  - { name: Serverless, description: 'Serverless assets' }
  - { name: Settings, description: 'Settings of HSS in a project' }
  - { name: Tags, description: 'Tags of resources' }
  - { name: Tasks, description: 'Tasks that several areas share' }
  - { name: Vulnerabilities, description: 'Vulnerabilities of hosts: scans, repair, whitelists' }
  - { name: Web tamper protection, description: 'Protected directories and remote backup of web servers' }

paths:
  /v5/setting/account/accounts:
    parameters:
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAccounts
      summary: List accounts
      tags: [Accounts]
      x-hss-kind: read
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: BatchAddAccounts
      summary: Batch add accounts
      tags: [Accounts]
      x-hss-kind: write
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteAccount
      summary: Delete account
      tags: [Accounts]
      x-hss-kind: write
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                organization_id: { type: string }
                account_id: { type: string }
                project_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/setting/account/admin:
    parameters:
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ValidateAdmin
      summary: Ask whether the account is an administrator
      tags: [Accounts]
      x-hss-kind: read
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
        - $ref: '#/components/parameters/Region'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/setting/account/organization-tree:
    parameters:
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListOrganizationTree
      summary: List organization tree
      description: With `is_refresh=true` HSS fetches the tree anew.
      tags: [Accounts]
      x-hss-kind: read
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: is_refresh, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/setting/account/trusted-services:
    parameters:
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListTrustServiceStatus
      summary: List the status of trusted services
      tags: [Accounts]
      x-hss-kind: read
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: EnableTrustService
      summary: Enable the trusted service
      tags: [Accounts]
      x-hss-kind: write
      x-hss-secret-request-fields: ['header:X-Security-Token']
      parameters:
        - $ref: '#/components/parameters/SecurityToken'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ai/agent/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BindAgentPolicy
      summary: Bind agent policy
      tags: [AI policies]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id: { type: string }
                agent_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ai/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAiPolicies
      summary: List AI policies
      tags: [AI policies]
      x-hss-kind: read
      parameters:
        - { name: policy_group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ai/policy/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAiPolicyDetail
      summary: List AI policy detail
      tags: [AI policies]
      x-hss-kind: read
      parameters:
        - { name: policy_id, in: query, schema: { type: string } }
        - { name: policy_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateAiPolicyDetail
      summary: Update AI policy detail
      tags: [AI policies]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
                policy_name: { type: string }
                content: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ai/policy/groups:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAiPolicyGroups
      summary: List AI policy groups
      tags: [AI policies]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: group_id, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: protection_object, in: query, schema: { type: string } }
        - { name: object_type, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CopyAiPolicyGroup
      summary: Copy AI policy group
      tags: [AI policies]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id: { type: string }
                group_name: { type: string }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteAiPolicyGroups
      summary: Delete AI policy groups
      tags: [AI policies]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ai/policy/groups/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ResumePauseAiPolicyGroups
      summary: Resume or pause AI policy groups
      tags: [AI policies]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
                group_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ai/policy/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ResumePauseAiPolicies
      summary: Resume or pause AI policies
      tags: [AI policies]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
                policy_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/handle-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAntivirusHandleHistory
      summary: List antivirus handling history
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: malware_name, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: severities, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: handle_method, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: sort_key, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/host-management/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAntiVirusHost
      summary: List antivirus hosts
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: scan_type, in: query, schema: { type: string } }
        - { name: start_type, in: query, schema: { type: string } }
        - { name: policy_id, in: query, schema: { type: string } }
        - { name: next_start_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/pay-per-scan:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAntivirusPayPerScanStatus
      summary: Show antivirus pay per scan status
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeAntivirusPayPerScanStatus
      summary: Change antivirus pay per scan status
      description: Costs money or changes what is billed.
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/pay-per-scan/free-quotas:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAntivirusFreeQuota
      summary: Show antivirus free quota
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/pay-per-scan/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAntiVirusPaidHosts
      summary: List antivirus paid hosts
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: scan_type, in: query, schema: { type: string } }
        - { name: start_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/pay-per-scan/tasks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateAntiVirusPaidTask
      summary: Create antivirus paid task
      description: Costs money or changes what is billed.
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_name: { type: string }
                scan_type: { type: string }
                action: { type: string }
                host_ids: { type: array, items: { type: string } }
                file_types: { type: array, items: { type: integer } }
                scan_dir: { type: string }
                ignore_dir: { type: string }
                task_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAntiVirusPolicy
      summary: List antivirus policies
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: policy_name, in: query, schema: { type: string } }
        - { name: scan_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateAntiVirusPolicy
      summary: Create antivirus policy
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                start_type: { type: string }
                scan_period: { type: string }
                scan_type: { type: string }
                scan_period_date: { type: integer }
                scan_time: { type: integer }
                scan_hour: { type: integer }
                scan_minute: { type: integer }
                timezone_offset: { type: integer }
                file_types: { type: array, items: { type: integer } }
                scan_dir: { type: string }
                ignore_dir: { type: string }
                action: { type: string }
                whether_paid_task: { type: boolean }
                task_id: { type: string }
                host_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeAntivirusPolicy
      summary: Change antivirus policy
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
                policy_name: { type: string }
                start_type: { type: string }
                scan_type: { type: string }
                scan_period: { type: string }
                scan_period_date: { type: integer }
                scan_time: { type: integer }
                scan_hour: { type: integer }
                scan_minute: { type: integer }
                timezone_offset: { type: integer }
                file_types: { type: array, items: { type: integer } }
                scan_dir: { type: string }
                ignore_dir: { type: string }
                action: { type: string }
                whether_paid_task: { type: boolean }
                host_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/policy/batch-delete:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: DeleteAntivirusPolicy
      summary: Delete antivirus policy
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/result:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAntiVirusResult
      summary: List antivirus results
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: severities, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: malware_name, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: file_hash, in: query, schema: { type: string } }
        - { name: task_name, in: query, schema: { type: string } }
        - { name: manual_isolate, in: query, schema: { type: boolean } }
        - { name: id_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: file_hash_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/result/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportAntiVirusResult
      summary: Export antivirus results
      tags: [Antivirus]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: severities, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: malware_name, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: export_size, in: query, schema: { type: integer } }
        - { name: file_hash, in: query, schema: { type: string } }
        - { name: task_name, in: query, schema: { type: string } }
        - { name: manual_isolate, in: query, schema: { type: boolean } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                export_headers: { type: array, items: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/result/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: HandleAntiVirusResult
      summary: Handle antivirus result
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_type: { type: string }
                memo: { type: string }
                operate_results: { type: array, items: { type: object } }
                event_white_rules: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/statistic:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAntivirusStatistic
      summary: Show antivirus statistics
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/antivirus/task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAntiVirusTask
      summary: List antivirus tasks
      tags: [Antivirus]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: task_name, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: begin_time, in: query, schema: { type: string } }
        - { name: end_time, in: query, schema: { type: string } }
        - { name: task_status, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: whether_paid_task, in: query, schema: { type: boolean } }
        - { name: host_task_status, in: query, explode: true, schema: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateAntiVirusTask
      summary: Create antivirus task
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_name: { type: string }
                task_id: { type: string }
                scan_type: { type: string }
                action: { type: string }
                host_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: SwitchAntivirusTask
      summary: Switch antivirus task
      tags: [Antivirus]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_id: { type: string }
                task_name: { type: string }
                host_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/agent/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAppWhitelistAgentStatics
      summary: Show app whitelist agent statistics
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/event:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppWhitelistEvent
      summary: List app whitelist events
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/host:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppWhitelistPolicyHost
      summary: List app whitelist policy hosts
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: policy_name, in: query, schema: { type: string } }
        - { name: learning_status, in: query, schema: { type: string } }
        - { name: apply_status, in: query, schema: { type: boolean } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: policy_id, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: SwitchAppWhitelistPolicyHost
      summary: Switch app whitelist policy host
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enable_app_whitelist: { type: boolean }
                policy_info_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/host-management/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppWhitelistHostStatus
      summary: List app whitelist host status
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: policy_id, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppWhitelistPolicy
      summary: List app whitelist policies
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: policy_name, in: query, schema: { type: string } }
        - { name: policy_type, in: query, schema: { type: string } }
        - { name: learning_status, in: query, schema: { type: string } }
        - { name: intercept, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateAppWhitelistPolicy
      summary: Create app whitelist policy
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                policy_type: { type: string }
                learning_days: { type: integer }
                specified_dir: { type: boolean }
                intercept: { type: boolean }
                auto_detect: { type: boolean }
                auto_confirm: { type: boolean }
                host_id_list: { type: array, items: { type: string } }
                dir_list: { type: array, items: { type: string } }
                ext_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeAppWhitelistPolicy
      summary: Change app whitelist policy
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
                policy_name: { type: string }
                policy_type: { type: string }
                learning_days: { type: integer }
                specified_dir: { type: boolean }
                intercept: { type: boolean }
                auto_confirm: { type: boolean }
                auto_detect: { type: boolean }
                dir_list: { type: array, items: { type: string } }
                ext_list: { type: array, items: { type: string } }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteAppWhitelistPolicy
      summary: Delete app whitelist policy
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/{policy_id}/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAppWhitelistPolicy
      summary: Show app whitelist policy
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/{policy_id}/host:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AddAppWhitelistPolicyHost
      summary: Add app whitelist policy host
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteAppWhitelistPolicyHost
      summary: Delete app whitelist policy host
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/{policy_id}/learn:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SwitchAppWhitelistPolicyLearnStatus
      summary: Switch app whitelist policy learn status
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                switch_status: { type: integer }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/{policy_id}/process:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppWhitelistPolicyProcess
      summary: List app whitelist policy processes
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: process_status, in: query, schema: { type: string } }
        - { name: process_type, in: query, schema: { type: string } }
        - { name: process_name, in: query, schema: { type: string } }
        - { name: process_hash, in: query, schema: { type: string } }
        - { name: process_path, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: file_signer, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddAppWhitelistPolicyProcess
      summary: Add app whitelist policy process
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                process_info_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeAppWhitelistPolicyProcessStatus
      summary: Change app whitelist policy process status
      tags: [Application control]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                process_status: { type: string }
                process_hash_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/app/{policy_id}/process-extend:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppWhitelistPolicyProcessExtend
      summary: List app whitelist policy process extend
      tags: [Application control]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/ai-component/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAiComponentDetail
      summary: List AI component detail
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: category, in: query, schema: { type: string } }
        - { name: catalogue, in: query, schema: { type: string } }
        - { name: server_name, in: query, schema: { type: string } }
        - { name: server_ip, in: query, schema: { type: string } }
        - { name: ai_application, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: ai_tool, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: installation_path, in: query, schema: { type: string } }
        - { name: first_scan_time, in: query, schema: { type: integer } }
        - { name: latest_scan_time, in: query, schema: { type: integer } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/ai-component/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAiComponentStatistics
      summary: List AI component statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: category, in: query, schema: { type: string } }
        - { name: catalogue, in: query, schema: { type: string } }
        - { name: ai_component_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/app/change-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppChangeHistories
      summary: List app change histories
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
        - { name: variation_type, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/app/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAppStatistics
      summary: List app statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: app_name, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListApps
      summary: List apps
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: install_dir, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/assign-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGlobalAssetScanTask
      summary: List global asset scan tasks
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateGlobalAssetScanTask
      summary: Create global asset scan task
      tags: [Assets]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_ids: { type: array, items: { type: string } }
                server_group: { type: array, items: { type: string } }
                all_hosts: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/auto-launch/change-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAutoLaunchChangeHistories
      summary: List auto-launch change histories
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: auto_launch_name, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: integer } }
        - { name: variation_type, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/auto-launch/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAutoLaunchStatistics
      summary: List auto-launch statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: name, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/auto-launchs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAutoLaunchs
      summary: List auto-launches
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/batch-modify-port-status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchModifyPortStatus
      summary: Batch modify port status
      tags: [Assets]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_type: { type: string }
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/common-port-info:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowCommonPort
      summary: Show common port
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
        - { name: port, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: DownloadAssetFile
      summary: Export assets
      description: Creates an export task, in spite of its name. The file comes from `ListDownloadExportedFile`.
      tags: [Assets]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: asset_type, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                search_param: { type: string }
                export_headers: { type: array, items: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/host/kernel-module:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListKernelModuleHostInfo
      summary: List kernel module host information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/host/web-framework:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebFrameworkHostInfo
      summary: List web framework host information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/host/web-site:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebSiteHostInfo
      summary: List web site host information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: domain, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/manual-collect/{type}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: type, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowHostAssetManualCollectStatus
      summary: Show host asset manual collection status
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: RunHostAssetManualCollect
      summary: Run host asset manual collection
      tags: [Assets]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/midwares:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListJarPackageStatistics
      summary: List JAR package statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/midwares/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListJarPackageHostInfo
      summary: List JAR package host information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: file_name, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/account:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAccountTop
      summary: Show top accounts
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/auto-launch:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAutoLaunchTop
      summary: Show top auto-launch items
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/jar-package:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowJarPackageTop
      summary: Show top JAR packages
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/kernel-module:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowKernelModuleTop
      summary: Show top kernel modules
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/port:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowPortTop
      summary: Show top ports
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/process:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowProcessTop
      summary: Show top processes
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/software:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowSoftwareTop
      summary: Show top software
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/web-app-and-service:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWebAppAndServiceTop
      summary: Show top web apps and services
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: catalogue, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/web-framework:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWebFrameworkTop
      summary: Show top web frameworks
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/statistics/top/web-site:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWebSiteTop
      summary: Show top web sites
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/status/agent:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAgentStatisticsStatus
      summary: Show agent statistics status
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/status/container/protection:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowContainerProtectionStatus
      summary: Show container protection status
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/status/host/protection:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowHostProtectionStatus
      summary: Show host protection status
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/status/os:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowOsStatisticsInfo
      summary: Show OS statistics information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/overview/status/quota:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowQuotaStatisticsInfo
      summary: Show quota statistics information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/port/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPortStatistics
      summary: List port statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: category, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: port, in: query, schema: { type: integer } }
        - { name: port_string, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/ports:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPorts
      summary: List ports
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: port, in: query, schema: { type: integer } }
        - { name: type, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/ports/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPortHost
      summary: List hosts of ports
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
        - { name: port, in: query, schema: { type: integer } }
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/process/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListProcessStatistics
      summary: List process statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: category, in: query, schema: { type: string } }
        - { name: path, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/processes/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListProcessesHost
      summary: List hosts of processes
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: path, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAssetStatistic
      summary: Show asset statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/statistics/kernel-module:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListKernelModuleStatistics
      summary: List kernel module statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/statistics/web-framework:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebFrameworkStatistics
      summary: List web framework statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/statistics/web-site:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebSiteStatistics
      summary: List web site statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: domain, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/user/change-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListUserChangeHistories
      summary: List user change histories
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: root_permission, in: query, schema: { type: boolean } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: change_type, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/user/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListUserStatistics
      summary: List user statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: user_name, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/users:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListUsers
      summary: List users
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: login_permission, in: query, schema: { type: boolean } }
        - { name: root_permission, in: query, schema: { type: boolean } }
        - { name: user_group, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/web-app-and-service-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebAppAndServiceStatistics
      summary: List web app and service statistics
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: name, in: query, schema: { type: string } }
        - { name: catalogue, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/web-app-and-services:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebAppAndServices
      summary: List web app and services
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: name, in: query, schema: { type: string } }
        - { name: catalogue, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: install_dir, in: query, schema: { type: string } }
        - { name: part_match, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/{host_id}/jar-package:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListJarPackageInfo
      summary: List JAR package information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/{host_id}/kernel-module:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListKernelModuleInfo
      summary: List kernel module information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/{host_id}/web-framework:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebFrameworkInfo
      summary: List web framework information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/asset/{host_id}/web-site:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebSiteInfo
      summary: List web site information
      tags: [Assets]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
        - { name: domain, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/backup/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBackupPolicyInfo
      summary: Show backup policy information
      tags: [Backup]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateBackupPolicyInfo
      summary: Update backup policy information
      tags: [Backup]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
                policy_id: { type: string }
                operation_definition: { type: object }
                trigger: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/backup/{policy_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowSingleBackupPolicyInfo
      summary: Show single backup policy information
      tags: [Backup]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rule/action:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: ChangeCheckRuleAction
      summary: Change check rule action
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: check_cce, in: query, schema: { type: boolean } }
        - { name: action, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                check_rules: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rule/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowCheckRuleDetail
      summary: Show check rule detail
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: check_name, in: query, schema: { type: string } }
        - { name: check_type, in: query, schema: { type: string } }
        - { name: check_rule_id, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rule/fail-detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowCheckRuleFixFailDetail
      summary: Show check rule fix failure detail
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: check_rule_id, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rule/handle-affect-baseline:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListHandleAffectBaseline
      summary: List baseline checks affected by handling
      description: Only asks, in spite of `POST`.
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                action: { type: string }
                handle_status: { type: string }
                host_id: { type: string }
                check_rule_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rule/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCheckRuleHost
      summary: List check rule hosts
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: check_rule_id, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: check_type, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: result_type, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_type, in: query, schema: { type: string } }
        - { name: check_cce, in: query, schema: { type: boolean } }
        - { name: policy_group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rule/resources:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCheckRuleResources
      summary: List check rule resources
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: check_rule_id, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: scan_result, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/check-rules:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCheckRulesInfo
      summary: List check rules information
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: scan_result, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/detection/{group_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: group_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: RunBaselineDetect
      summary: Run baseline detection
      description: Starts work in HSS, in spite of `GET`.
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportBaselineSecurityCheckReport
      summary: Export the baseline check report
      tags: [Baseline]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                category: { type: string }
                export_size: { type: integer }
                group_id: { type: string }
                check_name: { type: string }
                standard: { type: string }
                scan_result: { type: string }
                severity: { type: string }
                host_id: { type: string }
                limit: { type: integer }
                offset: { type: integer }
                export_headers: { type: array, items: { type: array, items: { type: string } } }
                tag: { type: string }
                check_type: { type: string }
                statistics_scan_result: { type: string }
                check_rule_name: { type: string }
                cluster_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/host/check-rules:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostCheckRules
      summary: List host check rules
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: policy_group_id, in: query, schema: { type: string } }
        - { name: result_type, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: check_rule_name, in: query, schema: { type: string } }
        - { name: tag, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/overview:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBaselineOverview
      summary: Show baseline overview
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: group_id, in: query, schema: { type: string } }
        - { name: statistics_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/password-complexity:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPasswordComplexity
      summary: List password complexity
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: result_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/password-complexity/action:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ChangePasswordComplexityStatus
      summary: Change password complexity status
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: action, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_all: { type: boolean }
                host_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/risk-config/check-rules:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAllRiskConfigCheckRules
      summary: List all risk config check rules
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: check_type, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: statistics_scan_result, in: query, schema: { type: string } }
        - { name: check_rule_name, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: tag, in: query, schema: { type: string } }
        - { name: policy_group_id, in: query, schema: { type: string } }
        - { name: statistics_flag, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/risk-config/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ExportSecurityCheckReport
      summary: Answer the baseline check report at once
      description: >-
        Takes the whole report out like an export, so it counts as one. It creates no task: the rows are in the
        answer.
      tags: [Baseline]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: group_id, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: scan_result, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/risk-config/{check_name}/check-rules:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: check_name, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRiskConfigCheckRules
      summary: List risk config check rules
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: standard, in: query, schema: { type: string } }
        - { name: result_type, in: query, schema: { type: string } }
        - { name: check_rule_name, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/risk-config/{check_name}/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: check_name, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowRiskConfigDetail
      summary: Show risk config detail
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: standard, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/risk-config/{check_name}/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: check_name, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRiskConfigHosts
      summary: List risk config hosts
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: standard, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/risk-configs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRiskConfigs
      summary: List risk configs
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: check_name, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/scan-status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBaselineScanStatus
      summary: Show baseline scan status
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/default-policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowDefaultSecurityCheckPolicy
      summary: Show default security check policy
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: support_os, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/default-policy/details:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowDefaultSecurityCheckPolicyDetails
      summary: Show default security check policy details
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: support_os, in: query, schema: { type: string } }
        - { name: check_type, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: tag, in: query, schema: { type: string } }
        - { name: check_rule_name, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: level, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: checked, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/directory:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBaselineDirectory
      summary: Show baseline directory
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: support_os, in: query, schema: { type: string } }
        - { name: select_type, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/policy-group:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: CopyBaselinePolicyGroup
      summary: Copy baseline policy group
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                description: { type: string }
                group_name: { type: string }
                group_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/policy-group/add:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AddSecurityCheckPolicyGroup
      summary: Add security check policy group
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id: { type: string }
                group_name: { type: string }
                check_rule_num: { type: integer }
                host_num: { type: integer }
                deletable: { type: boolean }
                default_group: { type: boolean }
                support_os: { type: string }
                policy_info: { type: object }
                weak_pwd_policy_info: { type: object }
                agent_id_list: { type: array, items: { type: string } }
                task_condition: { type: object }
                detection_period: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/policy-group/{group_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: group_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: UpdateSecurityCheckPolicyGroup
      summary: Update security check policy group
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id: { type: string }
                group_name: { type: string }
                check_rule_num: { type: integer }
                host_num: { type: integer }
                deletable: { type: boolean }
                default_group: { type: boolean }
                support_os: { type: string }
                policy_info: { type: object }
                weak_pwd_policy_info: { type: object }
                agent_id_list: { type: array, items: { type: string } }
                task_condition: { type: object }
                detection_period: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteSecurityCheckPolicyGroup
      summary: Delete security check policy group
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/security-checks/policy-groups:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityCheckPolicyGroup
      summary: List security check policy groups
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/statistic:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBaselineStatistic
      summary: Show baseline statistics
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/weak-password-users:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWeakPasswordUsers
      summary: List weak password users
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/whitelist:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBaselineWhiteList
      summary: Show baseline whitelist
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddBaselineWhiteList
      summary: Add baseline whitelist
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                os_type: { type: string }
                rule_type: { type: string }
                host_id_list: { type: array, items: { type: string } }
                rule_list: { type: array, items: { type: object } }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeBaselineWhiteList
      summary: Change baseline whitelist
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                id: { type: string }
                rule_type: { type: string }
                host_id_list: { type: array, items: { type: string } }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteBaselineWhiteList
      summary: Delete baseline whitelist
      tags: [Baseline]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/baseline/whitelists:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListBaselineWhiteLists
      summary: List baseline whitelists
      tags: [Baseline]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: check_rule_name, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: rule_type, in: query, schema: { type: string } }
        - { name: tag, in: query, schema: { type: string } }
        - { name: description, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/billing/quotas:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowResourceQuotas
      summary: Show resource quotas
      tags: [Billing]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: version, in: query, schema: { type: string } }
        - { name: charging_mode, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: CancelHostsQuota
      summary: Cancel hosts quota
      tags: [Billing]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                resource_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/billing/quotas-detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListQuotasDetail
      summary: List quotas detail
      tags: [Billing]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: version, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
        - { name: quota_status, in: query, schema: { type: string } }
        - { name: used_status, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: resource_id, in: query, schema: { type: string } }
        - { name: charging_mode, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/billing/resource-id-list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListResourceIds
      summary: List resource IDs
      description: Only asks, in spite of `POST`.
      tags: [Billing]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                resource_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/billing/version:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowVersion
      summary: Show version
      tags: [Billing]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/browsing-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SaveBrowsingHistory
      summary: Save browsing history
      tags: [Overview]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                action: { type: string }
                path: { type: string }
                id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/clusters:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectionInfo
      summary: List cluster protection information
      tags: [Cluster protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/default-policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectionDefaultPolicy
      summary: List cluster protection default policies
      description: HSS echoes the caller's token in `x_auth_token`. The gateway removes the field.
      tags: [Cluster protection]
      x-hss-kind: read
      x-hss-secret-response-fields: ['x_auth_token']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterEvents
      summary: List cluster events
      tags: [Cluster protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeClusterEvents
      summary: Change cluster events
      tags: [Cluster protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                total_num: { type: integer }
                opr: { type: string }
                data_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/overview:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectOverview
      summary: List cluster protection overview
      tags: [Cluster protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectionPolicy
      summary: List cluster protection policies
      description: HSS echoes the caller's token in `x_auth_token`. The gateway removes the field.
      tags: [Cluster protection]
      x-hss-kind: read
      x-hss-secret-response-fields: ['x_auth_token']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateClusterProtectionPolicy
      summary: Create cluster protection policy
      tags: [Cluster protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                policy_id: { type: string }
                template_id: { type: string }
                policy_description: { type: string }
                content: { type: object }
                white_image_list: { type: array, items: { type: object } }
                resources: { type: array, items: { type: object } }
                parameters: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeClusterProtectionPolicy
      summary: Change cluster protection policy
      tags: [Cluster protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                policy_id: { type: string }
                template_id: { type: string }
                policy_description: { type: string }
                content: { type: object }
                white_image_list: { type: array, items: { type: object } }
                resources: { type: array, items: { type: object } }
                parameters: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteClusterProtectionPolicy
      summary: Delete cluster protection policy
      tags: [Cluster protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                policy_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/policy/{policy_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectionPolicyDetail
      summary: List cluster protection policy detail
      description: HSS echoes the caller's token in `x_auth_token`. The gateway removes the field.
      tags: [Cluster protection]
      x-hss-kind: read
      x-hss-secret-response-fields: ['x_auth_token']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/protection-item:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectionItem
      summary: List cluster protection items
      tags: [Cluster protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster-protect/switch-mod:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SwitchClusterProtectionMode
      summary: Switch cluster protection mode
      tags: [Cluster protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_ids: { type: array, items: { type: string } }
                opr: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/cluster/asset/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowClusterAssetStatistics
      summary: Show cluster asset statistics
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCommonHost
      summary: List hosts
      tags: [Tasks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: feature_name, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: version_name_upper, in: query, schema: { type: string } }
        - { name: version_name_lower, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateTask
      summary: Create task
      tags: [Tasks]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_type: { type: string }
                cluster_scan_info: { type: object }
                iac_scan_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/task-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowTaskStatistics
      summary: Show task statistics
      tags: [Tasks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: task_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/tasks/batch-query:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListTasks
      summary: List tasks
      description: Only asks, in spite of `POST`.
      tags: [Tasks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_type: { type: string }
                task_id: { type: string }
                task_name: { type: string }
                start_create_time: { type: integer }
                end_create_time: { type: integer }
                trigger_type: { type: string }
                task_status: { type: string }
                sort_key: { type: string }
                sort_dir: { type: string }
                cluster_scan_info: { type: object }
                iac_scan_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/tasks/{task_id}/resources/batch-query:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListTaskResources
      summary: List task resources
      description: Only asks, in spite of `POST`.
      tags: [Tasks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_type: { type: string }
                cluster_scan_info: { type: object }
                iac_scan_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/tasks/{task_id}/retry:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: RetryTask
      summary: Retry task
      tags: [Tasks]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_type: { type: string }
                cluster_scan_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/common/tips:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCommonTips
      summary: List tips
      tags: [Tasks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListProjectConfigs
      summary: List project configs
      description: Only asks, in spite of `POST`.
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                config_name_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ModifyProjectConfigs
      summary: Modify project configs
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                config_info_list: { type: array, items: { type: object } }
                cascade: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/cluster:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerNetworkClusters
      summary: List container network clusters
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/cluster/sync:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: SyncClusterList
      summary: Sync clusters
      description: Starts work in HSS, in spite of `GET`.
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/network-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowNetworkStatistics
      summary: Show network statistics
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/security-groups:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityGroups
      summary: List security groups
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/namespace:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListNamespaces
      summary: List namespaces
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/network-info:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowContainerNetworkInfo
      summary: Show container network information
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/node:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerNetworkNodeList
      summary: List container network nodes
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: query_field, in: query, schema: { type: string } }
        - { name: query_value, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/node-sync:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: SyncContainerNetworkNode
      summary: Sync container network node
      description: Starts work in HSS, in spite of `GET`.
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerNetworkPolicy
      summary: List container network policies
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: namespace, in: query, schema: { type: string } }
        - { name: keyword, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateContainerNetworkPolicy
      summary: Create container network policy
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                name: { type: string }
                namespace: { type: string }
                policy_content: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateContainerNetworkPolicy
      summary: Update container network policy
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
                name: { type: string }
                namespace: { type: string }
                policy_content: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteContainerNetworkPolicy
      summary: Delete container network policy
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/policy-sync:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: SyncContainerNetworkPolicyList
      summary: Sync container network policies
      description: Starts work in HSS, in spite of `GET`.
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/security-group-policies:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityGroupPolicies
      summary: List security group policies
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/security-group-policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    delete:
      operationId: DeleteSecurityGroupPolicy
      summary: Delete security group policy
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policies: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/security-group-policy-sync:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: SyncSecurityGroupPolicies
      summary: Sync security group policies
      description: Starts work in HSS, in spite of `GET`.
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/{namespace}/security-group-policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: namespace, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateSecurityGroupPolicy
      summary: Create security group policy
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                workload_id: { type: string }
                workload_name: { type: string }
                workload_type: { type: string }
                security_groups: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateSecurityGroupPolicy
      summary: Update security group policy
      tags: [Container network]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
                policy_name: { type: string }
                security_groups: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container-network/{cluster_id}/{namespace}/workloads:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: namespace, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWorkLoads
      summary: List workloads
      tags: [Container network]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: workload_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/cluster/risk/export-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportRisks
      summary: Export risks of clusters
      tags: [Containers]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: risk_type, in: query, schema: { type: string } }
        - { name: export_size, in: query, schema: { type: integer } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                export_headers: { type: array, items: { type: array, items: { type: string } } }
                iac_items: { type: object }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/cluster/risk/{risk_id}/affected-resources:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: risk_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterRiskAffectResources
      summary: List resources affected by a cluster risk
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: resource_name, in: query, schema: { type: string } }
        - { name: resource_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/cluster/risks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterRisks
      summary: List cluster risks
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: risk_type, in: query, schema: { type: string } }
        - { name: risk_status, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: risk_name, in: query, schema: { type: string } }
        - { name: risk_level, in: query, schema: { type: string } }
        - { name: risk_category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/cluster/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowClusterScanStatistics
      summary: Show cluster scan statistics
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/clusters/protection-event-sync:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SyncClusterProtectionEvent
      summary: Sync cluster protection event
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/clusters/protection-policy-templates:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterProtectPolicyTemplates
      summary: List cluster protection policy templates
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: template_name, in: query, schema: { type: string } }
        - { name: template_type, in: query, schema: { type: string } }
        - { name: target_kind, in: query, schema: { type: string } }
        - { name: tag, in: query, schema: { type: string } }
        - { name: level, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/clusters/protection-policy-templates/{policy_template_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_template_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowClusterProtectPolicyTemplate
      summary: Show cluster protection policy template
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/cmd-histories:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerCmdLogs
      summary: List container command logs
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: cmd, in: query, schema: { type: string } }
        - { name: path, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/export-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportContainerList
      summary: Export containers
      tags: [Containers]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: export_size, in: query, schema: { type: integer } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_container: { type: boolean }
                cluster_type: { type: string }
                cluster_name: { type: string }
                container_name: { type: string }
                pod_name: { type: string }
                image_name: { type: string }
                status: { type: string }
                risky: { type: boolean }
                create_time: { type: object }
                cpu_limit: { type: string }
                memory_limit: { type: string }
                export_headers: { type: array, items: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/iac/file/risk/paths:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListIacFileRiskPaths
      summary: List IaC file risk paths
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: file_id, in: query, schema: { type: string } }
        - { name: rule_id, in: query, schema: { type: string } }
        - { name: resource_name, in: query, schema: { type: string } }
        - { name: resource_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/iac/file/risks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListIacFileRisks
      summary: List IaC file risks
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: file_id, in: query, schema: { type: string } }
        - { name: risk_name, in: query, schema: { type: string } }
        - { name: risk_level, in: query, schema: { type: string } }
        - { name: risk_category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/iac/files:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListIacFiles
      summary: List IaC files
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: scan_type, in: query, schema: { type: string } }
        - { name: file_id, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
        - { name: file_type, in: query, schema: { type: string } }
        - { name: risky, in: query, schema: { type: boolean } }
        - { name: cicd_id, in: query, schema: { type: string } }
        - { name: cicd_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/image/events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerImageLogs
      summary: List container image logs
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: resource_name, in: query, schema: { type: string } }
        - { name: resource_type, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
        - { name: source_ip, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/images:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerImages
      summary: List container images
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: keyword, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainers
      summary: List containers
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: container_name, in: query, schema: { type: string } }
        - { name: pod_name, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: cluster_container, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/cluster/audit-logs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterAuditLogs
      summary: List cluster audit logs
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: verb, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: line_num, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/cluster/events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListClusterEventLogs
      summary: List cluster event logs
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: string } }
        - { name: resource_type, in: query, schema: { type: string } }
        - { name: resource_name, in: query, schema: { type: string } }
        - { name: reason, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: line_num, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/configs/batch-query:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListCceClusterConfig
      summary: List CCE cluster configs
      description: Only asks, in spite of `POST`.
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_info_list: { type: array, items: { type: object } }
                cluster_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/daemonsets:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAgentDaemonsetInfo
      summary: List agent DaemonSet information
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: show_cluster_log_status, in: query, schema: { type: boolean } }
        - { name: access_status, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/daemonsets/batch-config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchUpdateClusterResource
      summary: Batch update cluster resource
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_all: { type: boolean }
                cluster_ids: { type: array, items: { type: string } }
                mode: { type: string }
                cpu_limit: { type: string }
                mem_limit: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/daemonsets/batch-delete:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchDeleteAgentDaemonset
      summary: Batch delete agent DaemonSet
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_ids: { type: array, items: { type: string } }
                invoked_service: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/daemonsets/batch-upgrade:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchUpgradeAgentDaemonset
      summary: Batch upgrade agent DaemonSet
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/nodes/batch-label:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListCceNodesLabel
      summary: List labels of CCE nodes
      description: Only asks, in spite of `POST`.
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/protection-enable:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AddCceIntegrationProtection
      summary: Add CCE integration protection
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_type: { type: string }
                cluster_id: { type: string }
                cluster_name: { type: string }
                charging_mode: { type: string }
                cce_protection_type: { type: string }
                prefer_packet_cycle: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/risks/query:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListCceClusterDetectRisk
      summary: List CCE cluster detection risks
      description: Only asks, in spite of `POST`.
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_id_list: { type: array, items: { type: string } }
                detect_type: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/{cluster_id}/daemonsets:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAgentDaemonsetDetailInfo
      summary: Show agent DaemonSet detail information
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateAgentDaemonset
      summary: Create agent DaemonSet
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cluster_name: { type: string }
                auto_upgrade: { type: boolean }
                runtime_info: { type: array, items: { type: object } }
                schedule_info: { type: object }
                resource_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateAgentDaemonset
      summary: Update agent DaemonSet
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                agent_version: { type: string }
                cluster_name: { type: string }
                auto_upgrade: { type: boolean }
                runtime_info: { type: array, items: { type: object } }
                schedule_info: { type: object }
                invoked_service: { type: string }
                charging_mode: { type: string }
                cce_protection_type: { type: string }
                prefer_packet_cycle: { type: boolean }
                resource_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteAgentDaemonset
      summary: Delete agent DaemonSet
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: invoked_service, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/clusters/{cluster_id}/nodes/label:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAgentDaemonsetClusterNodesLabel
      summary: List agent DaemonSet cluster nodes labels
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/agent-network:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAgentAddress
      summary: Show agent address
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/clusters:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListMultiCloudClusters
      summary: List multi-cloud clusters
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateMultiCloudClusters
      summary: Create multi-cloud clusters
      tags: [Containers]
      x-hss-kind: write
      x-hss-secret-request-fields: ['body:image_repo_password', 'body:kube_config']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                name: { type: string }
                provider: { type: string }
                server: { type: string }
                image_repo: { type: string }
                image_repo_username: { type: string }
                image_repo_password: { type: string }
                organization: { type: string }
                image_repo_type: { type: string }
                current_expiration_date: { type: integer }
                certificate_expiration_date: { type: integer }
                kube_config: { type: string }
                image_arch: { type: string }
                anp_proxy: { type: string }
                hostguard_proxy: { type: string }
                container_name: { type: string }
                dns_policy: { type: string }
                dns_config: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/clusters/status-synchronize:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SyncMultiCloudClusterStatus
      summary: Sync multi-cloud cluster status
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                total_num: { type: integer }
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/clusters/{cluster_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: UpdateMultiCloudClusters
      summary: Update multi-cloud clusters
      tags: [Containers]
      x-hss-kind: write
      x-hss-secret-request-fields: ['body:kubeconfig']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                current_expiration_date: { type: integer }
                upgrade: { type: boolean }
                kubeconfig: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: RemoveMultiCloudClusters
      summary: Remove multi-cloud clusters
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/clusters/{cluster_id}/agent/install-script:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowMultiCloudClusterProxyScript
      summary: Show multi-cloud cluster proxy script
      description: >-
        The secret response field is inferred from its purpose: a ready-made command or script carries credentials.
      tags: [Containers]
      x-hss-kind: read
      x-hss-secret-response-fields: ['install_script']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/clusters/{cluster_id}/permissions:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cluster_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowMultiCloudClusterAuth
      summary: Show multi-cloud cluster auth
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/config-analyze:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ParseMultiCloudClusterConfig
      summary: Parse multi-cloud cluster config
      description: >-
        Only asks, in spite of `POST`: it parses the configuration that is sent. That it stores nothing is inferred.
      tags: [Containers]
      x-hss-kind: read
      x-hss-secret-request-fields: ['body:kube_config']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                kube_config: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/multi-cloud/image-upload-command:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowMultiCloudClusterImageCommand
      summary: Show multi-cloud cluster image command
      tags: [Containers]
      x-hss-kind: read
      x-hss-secret-request-fields: ['query:password']
      x-hss-secret-response-fields: ['secret_command']
      parameters:
        - { name: image_repo, in: query, schema: { type: string } }
        - { name: organization, in: query, schema: { type: string } }
        - { name: username, in: query, schema: { type: string } }
        - { name: password, in: query, schema: { type: string } }
        - { name: plug_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/kubernetes/template:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAgentDaemonsetDeployTemplate
      summary: Show agent DaemonSet deploy template
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/logs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerLogs
      summary: List container logs
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: pod_name, in: query, schema: { type: string } }
        - { name: pod_id, in: query, schema: { type: string } }
        - { name: pod_ip, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: content, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: line_num, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/node-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowContainerNodeStatistics
      summary: Show container node statistics
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/nodes:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListContainerNodes
      summary: List container nodes
      tags: [Containers]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: protect_status, in: query, schema: { type: string } }
        - { name: container_tags, in: query, schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: container_node, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/container/switch-version:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SwitchContainerProtectStatus
      summary: Switch container protection status
      tags: [Containers]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                version: { type: string }
                charging_mode: { type: string }
                resource_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
                tags: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/custom/rule/config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCustomRuleConfigs
      summary: List custom rule configs
      tags: [Custom rules]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: rule_id, in: query, schema: { type: string } }
        - { name: rule_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateCustomRuleConfig
      summary: Create custom rule config
      tags: [Custom rules]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rule_name: { type: string }
                is_all_host: { type: boolean }
                custom_rule_value_info: { type: object }
                agent_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateCustomRuleConfig
      summary: Update custom rule config
      tags: [Custom rules]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rule_name: { type: string }
                is_all_host: { type: boolean }
                custom_rule_value_info: { type: object }
                agent_ids: { type: array, items: { type: string } }
                rule_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteCustomRuleConfig
      summary: Delete custom rule config
      tags: [Custom rules]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rule_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/custom/rule/config/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCustomRuleConfigDetail
      summary: List custom rule config detail
      tags: [Custom rules]
      x-hss-kind: read
      parameters:
        - { name: rule_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/custom/rule/config/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ResumePauseCustomRuleConfig
      summary: Resume or pause custom rule config
      tags: [Custom rules]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enable: { type: integer }
                rule_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/download/{file_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: file_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListDownloadExportedFile
      summary: Download the file of an export task
      description: >-
        The last step of an export: `file_id` comes from polling a task that succeeded.
      tags: [Exports]
      x-hss-kind: download
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/ExportedFile' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/att-ck:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListEventAttCk
      summary: List ATT&CK data of events
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: tag_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: event_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/attack-tag:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowEventAttackTag
      summary: Show event attack tag
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: tag_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: att_ck, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/batch-operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListEventOperates
      summary: List operations on events
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: event_type, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: BatchChangeEvent
      summary: Batch change event
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_type: { type: string }
                handler: { type: string }
                event_type: { type: integer }
                category: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/blocked-ip:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListBlockedIp
      summary: List blocked IPs
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: src_ip, in: query, schema: { type: string } }
        - { name: intercept_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeBlockedIp
      summary: Change blocked IPs
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/download-file:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: DownloadEventSourceFile
      summary: Download the source file of a security event
      description: HSS documents no body for the answer, and its SDKs read none. By its purpose the answer is a file.
      tags: [Events]
      x-hss-kind: download
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: file_hash, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/File' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/event-type:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListEventType
      summary: List event types
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: tag_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: att_ck, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityEvents
      summary: List security events
      tags: [Events]
      x-hss-kind: read
      x-hss-secret-response-fields: ['data_list[].user_info_list[].pwd_hash']
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: event_types, in: query, explode: true, schema: { type: array, items: { type: integer } } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: begin_time, in: query, schema: { type: string } }
        - { name: end_time, in: query, schema: { type: string } }
        - { name: event_class_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: tag_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: att_ck, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
        - { name: auto_block, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportEventRequest
      summary: Export security events
      description: The body is a bare array of arrays of strings, not an object.
      tags: [Events]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: export_size, in: query, schema: { type: integer } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: event_types, in: query, explode: true, schema: { type: array, items: { type: integer } } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: event_class_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: tag_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: att_ck, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
        - { name: event_id_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: auto_block, in: query, schema: { type: boolean } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: event_id, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema: { type: array, items: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/export-task/{task_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowExportTask
      summary: Poll an export task of security events
      description: >-
        The second step of an export of events. Once `task_status` is `success`, `file_id` names the file to
        download.
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/ExportTaskState' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/forensic:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListEventForensic
      summary: List forensics of an event
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: event_id, in: query, schema: { type: string } }
        - { name: occur_time, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/handle-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListEventHandleHistory
      summary: List event handling history
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: severity, in: query, schema: { type: string } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: event_class_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: event_name, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/isolated-file:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListIsolatedFile
      summary: List isolated files
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: file_path, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: file_hash, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: isolation_status, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeIsolatedFile
      summary: Change isolated file
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteIsolatedFile
      summary: Delete isolated file
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ChangeEvent
      summary: Change event
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: container_name, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_type: { type: string }
                handler: { type: string }
                operate_event_list: { type: array, items: { type: object } }
                event_white_rule_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/related-events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRelatedEvents
      summary: List related events
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: category, in: query, schema: { type: string } }
        - { name: event_id, in: query, schema: { type: string } }
        - { name: occur_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/same-events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSameEvents
      summary: List same events
      tags: [Events]
      x-hss-kind: read
      x-hss-secret-response-fields: ['data_list[].user_info_list[].pwd_hash']
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: event_id, in: query, schema: { type: string } }
        - { name: event_class_id, in: query, schema: { type: string } }
        - { name: occur_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/severity:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowEventSeverity
      summary: Show event severity
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: severity_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: tag_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: att_ck, in: query, schema: { type: string } }
        - { name: event_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/similar-handled-events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSimilarHandledEvents
      summary: List similar handled events
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: event_id, in: query, schema: { type: string } }
        - { name: occur_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/top-risk:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListEventTopRisk
      summary: List top risks of events
      deprecated: true
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: last_days, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/white-list/alarm:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAlarmWhiteList
      summary: List alarm whitelists
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: hash, in: query, schema: { type: string } }
        - { name: event_type, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateAlarmWhiteListHost
      summary: Update alarm whitelist host
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rule_id: { type: string }
                scope: { type: boolean }
                agent_ids: { type: array, items: { type: string } }
                instance_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: RemoveAlarmWhiteList
      summary: Remove alarm whitelist
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
                restore_alarm: { type: boolean }
                delete_all: { type: boolean }
                event_type: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/white-list/login:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLoginWhiteList
      summary: List login whitelists
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: login_ip, in: query, schema: { type: string } }
        - { name: login_user_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddLoginWhiteList
      summary: Add login whitelist
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                private_ip: { type: string }
                login_ip: { type: string }
                login_user_name: { type: string }
                remarks: { type: string }
                handle_event: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: RemoveLoginWhiteList
      summary: Remove login whitelist
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
                delete_all: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/white-list/rule/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAlarmWhiteListHostDetail
      summary: List alarm whitelist host detail
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: rule_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/event/white-list/userlist:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSystemUserWhiteList
      summary: List system user whitelists
      tags: [Events]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: system_user_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddSystemUserWhiteList
      summary: Add system user whitelist
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id: { type: string }
                system_user_name_list: { type: array, items: { type: string } }
                remarks: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateSystemUserWhiteList
      summary: Update system user whitelist
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id: { type: string }
                system_user_name_list: { type: array, items: { type: string } }
                remarks: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: RemoveSystemUserWhiteList
      summary: Remove system user whitelist
      tags: [Events]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                data_list: { type: array, items: { type: object } }
                delete_all: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/export-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowLatestExportTaskByType
      summary: Poll the latest export task of a type
      description: >-
        The second step of an export, by type. Once `task_status` is `success`, `file_id` names the file to
        download.
      tags: [Exports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: export_task_type, in: query, schema: { type: string } }
        - { name: task_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskState' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ExportTaskInfo
      summary: Create an export task of a given type
      tags: [Exports]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                type: { type: string }
                operational_report_data: { type: object }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/export-task/{task_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListQueryExportTask
      summary: Poll an export task
      description: >-
        The second step of an export. Once `task_status` is `success`, `file_id` names the file to download.
      tags: [Exports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/ExportTaskState' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/files/change-files:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListFileEvents
      summary: List file events
      tags: [File integrity]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: file_name, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: change_type, in: query, schema: { type: string } }
        - { name: change_category, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/files/change-host:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListFileHosts
      summary: List file hosts
      tags: [File integrity]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: host_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/files/statistic:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowFileStatistic
      summary: Show file statistics
      tags: [File integrity]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/default-config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowDecoyPortAutoBind
      summary: Show decoy port auto bind
      tags: [Honeypot ports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: SwitchDecoyPortAutoBind
      summary: Switch decoy port auto bind
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: enable, in: query, schema: { type: boolean } }
        - { name: linux_policy_id, in: query, schema: { type: string } }
        - { name: windows_policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/host-list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowDecoyPortHostList
      summary: Show decoy port host list
      tags: [Honeypot ports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: group_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/host-policy/{policy_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: SwitchDecoyPortHostPolicy
      summary: Switch decoy port host policy
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteDecoyPortHostPolicy
      summary: Delete decoy port host policy
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateDecoyPortPolicy
      summary: Create decoy port policy
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                os_type: { type: string }
                policy_name: { type: string }
                ports_list: { type: array, items: { type: object } }
                white_ip: { type: array, items: { type: string } }
                host_id: { type: array, items: { type: string } }
                group_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/policy-enable/{policy_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: SwitchDecoyPortPolicy
      summary: Switch decoy port policy
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: enable, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/policy-list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListDecoyPortPolicy
      summary: List decoy port policies
      tags: [Honeypot ports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/policy/{policy_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: policy_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowDecoyPortPolicyDetails
      summary: Show decoy port policy details
      tags: [Honeypot ports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ModifyDecoyPortPolicy
      summary: Modify decoy port policy
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                os_type: { type: string }
                policy_name: { type: string }
                ports_list: { type: array, items: { type: object } }
                white_ip: { type: array, items: { type: string } }
                host_id: { type: array, items: { type: string } }
                group_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteDecoyPortPolicy
      summary: Delete decoy port policy
      tags: [Honeypot ports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/honeypot-port/support-list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListDecoyPortAvailableHost
      summary: List decoy port available hosts
      tags: [Honeypot ports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: ports, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/agent/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAgentStatus
      summary: List agent status
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: agent_id, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: abnormal_reason, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/asset-value/associate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: AssociateHostAssetValue
      summary: Associate host asset value
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                asset_value: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/batch-config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchUpdateHostResource
      summary: Batch update host resource
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_all: { type: boolean }
                host_ids: { type: array, items: { type: string } }
                mode: { type: string }
                cpu_limit: { type: string }
                mem_limit: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/firewall:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SwitchFirewallStatus
      summary: Switch firewall status
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                firewall_status: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/group/associate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AssociateHostsGroup
      summary: Associate hosts group
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
                operate_all: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/groups:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostGroups
      summary: List host groups
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: group_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddHostsGroup
      summary: Add hosts group
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_name: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeHostsGroup
      summary: Change hosts group
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_name: { type: string }
                group_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteHostsGroup
      summary: Delete hosts group
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/host-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowHostsStatistics
      summary: Show hosts statistics
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostStatus
      summary: List host status
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: version, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: detect_result, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_status, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: ip_addr, in: query, schema: { type: string } }
        - { name: protect_status, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: vpc_id, in: query, schema: { type: string } }
        - { name: host_name_list, in: query, schema: { type: string } }
        - { name: host_id_list, in: query, schema: { type: string } }
        - { name: public_ip_list, in: query, schema: { type: string } }
        - { name: private_ip_list, in: query, schema: { type: string } }
        - { name: has_intrusion, in: query, schema: { type: boolean } }
        - { name: has_vul, in: query, schema: { type: boolean } }
        - { name: has_baseline, in: query, schema: { type: boolean } }
        - { name: sort_key, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: policy_group_id, in: query, schema: { type: string } }
        - { name: policy_group_name, in: query, schema: { type: string } }
        - { name: charging_mode, in: query, schema: { type: string } }
        - { name: refresh, in: query, schema: { type: boolean } }
        - { name: get_common_login_locations, in: query, schema: { type: boolean } }
        - { name: above_version, in: query, schema: { type: boolean } }
        - { name: outside_host, in: query, schema: { type: boolean } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: label, in: query, schema: { type: string } }
        - { name: server_group, in: query, schema: { type: string } }
        - { name: agent_upgradable, in: query, schema: { type: boolean } }
        - { name: install_mode, in: query, schema: { type: boolean } }
        - { name: binding_key, in: query, schema: { type: boolean } }
        - { name: protect_interrupt, in: query, schema: { type: boolean } }
        - { name: incluster, in: query, schema: { type: boolean } }
        - { name: protect_degradation, in: query, schema: { type: boolean } }
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/hosts-risk:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostsRisk
      summary: List risks of hosts
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_id_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/policies:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPolicies
      summary: List policies
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: agent_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/protection:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SwitchHostsProtectStatus
      summary: Switch hosts protection status
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                version: { type: string }
                charging_mode: { type: string }
                resource_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
                tags: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/uninstall:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: UninstallAgents
      summary: Uninstall agents
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/upgrade:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: UpgradeAgents
      summary: Upgrade agents
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_all: { type: boolean }
                host_name: { type: string }
                host_id: { type: string }
                private_ip: { type: string }
                public_ip: { type: string }
                version: { type: string }
                protect_status: { type: string }
                os_type: { type: string }
                policy_group_id: { type: string }
                group_id: { type: string }
                asset_value: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/vpc-endpointes:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateVpcEndpoint
      summary: Create VPC endpoint
      tags: [Hosts]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
                vpc_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/vpc-endpointes/batch-query:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ShowEndpointStatus
      summary: Show endpoint status
      description: Only asks, in spite of `POST`.
      tags: [Hosts]
      x-hss-kind: read
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
                vpc_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/{host_id}/manual-detect:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SetManualDetect
      summary: Set manual detection
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                type: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host-management/{host_id}/scan-status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowScanStatus
      summary: Show scan status
      tags: [Hosts]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/host/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: ChangeHostIgnoreStatus
      summary: Change host ignore status
      tags: [Hosts]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_type: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGlobalImageApps
      summary: List global image apps
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
        - { name: is_compliant, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/asset/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImageAssetStatistics
      summary: Show image asset statistics
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/check-rule/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImageCheckRuleDetail
      summary: Show image check rule detail
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: check_type, in: query, schema: { type: string } }
        - { name: check_rule_id, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchExportBaselineTask
      summary: Export baseline check results of images
      description: >-
        The first step of an export: creates a task that collects the baseline check results of container images.
        Poll the task with `ListQueryExportTask`, then fetch its file with `ListDownloadExportedFile`.
      tags: [Images]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/AuthToken'
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - name: export_size
          in: query
          description: How many rows to export at most.
          schema: { type: integer, format: int32, minimum: 0, maximum: 2147483647 }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/BaselineExportFilter' }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/extended-weak-password:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowExtendedWeakPassword
      summary: Show extended weak password
      tags: [Images]
      x-hss-kind: read
      x-hss-secret-response-fields: ['extended_weak_password']
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ChangeExtendedWeakPassword
      summary: Change extended weak password
      tags: [Images]
      x-hss-kind: write
      x-hss-secret-request-fields: ['body:extended_weak_password']
      parameters:
        - $ref: '#/components/parameters/Region'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                extended_weak_password: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/password-complexity:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImagePwdComplexity
      summary: List image password complexity
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/risk-configs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageRiskConfigs
      summary: List image risk configs
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: check_name, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/risk-configs/{check_name}/rules:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: check_name, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageRiskConfigRules
      summary: List image risk config rules
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: standard, in: query, schema: { type: string } }
        - { name: result_type, in: query, schema: { type: string } }
        - { name: check_rule_name, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/statistic:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImageBaselineStatistic
      summary: Show image baseline statistics
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/baseline/weak-password-users:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageWeakPwdUsers
      summary: List image weak password users
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: tag_name, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/batch-scan:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchScanSwrImage
      summary: Batch scan SWR image
      deprecated: true
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                repo_type: { type: string }
                image_info_list: { type: array, items: { type: object } }
                operate_all: { type: boolean }
                namespace: { type: string }
                image_name: { type: string }
                image_version: { type: string }
                image_type: { type: string }
                scan_status: { type: string }
                latest_version: { type: boolean }
                image_size: { type: integer }
                start_latest_update_time: { type: integer }
                end_latest_update_time: { type: integer }
                start_latest_scan_time: { type: integer }
                end_latest_scan_time: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/build-command-risks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageBuildCommandRisks
      summary: List image build command risks
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: risk_name, in: query, schema: { type: string } }
        - { name: risk_level, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/build-command-risks/images:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageBuildCommandRisksImages
      summary: List image build command risks images
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: rule_id, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/cicd/configurations:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCicdConfigurations
      summary: List CI/CD configurations
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cicd_name, in: query, schema: { type: string } }
        - { name: cicd_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddCicdConfiguration
      summary: Add CI/CD configuration
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cicd_name: { type: string }
                vulnerability_whitelist: { type: array, items: { type: string } }
                vulnerability_blocklist: { type: array, items: { type: string } }
                image_whitelist: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/cicd/configurations/batch-delete:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: DeleteCicdConfigurations
      summary: Delete CI/CD configurations
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                cicd_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/cicd/configurations/create-command:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateCicdConfigurationCommand
      summary: Create CI/CD configuration command
      description: >-
        May only generate a command without side effects; counts as a write until known. The secret response field
        is inferred from its purpose: a ready-made command or script carries credentials.
      tags: [Images]
      x-hss-kind: write
      x-hss-secret-request-fields: ['body:login_password', 'body:image_scan_info.login_password']
      x-hss-secret-response-fields: ['cicd_command']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                scan_type: { type: string }
                cicd_id: { type: string }
                image_name: { type: string }
                image_version: { type: string }
                is_blocking: { type: boolean }
                repository_address: { type: string }
                login_user_name: { type: string }
                login_password: { type: string }
                namespace: { type: string }
                is_image_scan: { type: boolean }
                image_scan_info: { type: object }
                is_iac_scan: { type: boolean }
                iac_scan_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/cicd/configurations/{cicd_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: cicd_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowCicdConfiguration
      summary: Show CI/CD configuration
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ModifyCicdConfiguration
      summary: Modify CI/CD configuration
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                vulnerability_whitelist: { type: array, items: { type: string } }
                vulnerability_blocklist: { type: array, items: { type: string } }
                image_whitelist: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/cicd/images:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCicdImages
      summary: List CI/CD images
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: cicd_name, in: query, schema: { type: string } }
        - { name: latest_version, in: query, schema: { type: boolean } }
        - { name: image_size, in: query, schema: { type: integer } }
        - { name: scan_status, in: query, schema: { type: string } }
        - { name: start_latest_update_time, in: query, schema: { type: integer } }
        - { name: end_latest_update_time, in: query, schema: { type: integer } }
        - { name: start_latest_scan_time, in: query, schema: { type: integer } }
        - { name: end_latest_scan_time, in: query, schema: { type: integer } }
        - { name: has_malicious_file, in: query, schema: { type: boolean } }
        - { name: has_unsafe_setting, in: query, schema: { type: boolean } }
        - { name: has_vul, in: query, schema: { type: boolean } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: risky, in: query, schema: { type: boolean } }
        - { name: pipeline_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/files:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGlobalImageFiles
      summary: List global image files
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/image-scan/tasks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateManualImageScanTask
      summary: Create manual image scan task
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: global_image_type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                scan_scope: { type: integer }
                rate_limit: { type: integer }
                is_all: { type: boolean }
                query_info: { type: object }
                image_info: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/image-scan/tasks/{task_id}/stop:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: StopImageScanTask
      summary: Stop image scan task
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/image-sync/tasks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateImageSynchronizeTask
      summary: Create image synchronization task
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                sync_all_registries: { type: boolean }
                registry_info: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/image-sync/tasks/{task_id}/registries:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAssociateRegistries
      summary: List associated registries
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: registry_name, in: query, schema: { type: string } }
        - { name: registry_type, in: query, schema: { type: string } }
        - { name: sync_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/local-repositories:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageLocal
      summary: List local images
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: scan_status, in: query, schema: { type: string } }
        - { name: local_image_type, in: query, schema: { type: string } }
        - { name: image_size, in: query, schema: { type: integer } }
        - { name: start_latest_update_time, in: query, schema: { type: integer } }
        - { name: end_latest_update_time, in: query, schema: { type: integer } }
        - { name: start_latest_scan_time, in: query, schema: { type: integer } }
        - { name: end_latest_scan_time, in: query, schema: { type: integer } }
        - { name: has_vul, in: query, schema: { type: boolean } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: pod_id, in: query, schema: { type: string } }
        - { name: pod_name, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
        - { name: has_container, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/local-vulnerability/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchExportLocalVulTask
      summary: Export vulnerabilities of local images
      tags: [Images]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: export_size, in: query, schema: { type: integer } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                image_id_list: { type: array, items: { type: string } }
                operate_all: { type: boolean }
                vul_type: { type: string }
                handle_status: { type: string }
                scan_status: { type: string }
                image_name: { type: string }
                image_version: { type: string }
                image_size: { type: integer }
                start_latest_update_time: { type: integer }
                end_latest_update_time: { type: integer }
                start_latest_scan_time: { type: integer }
                end_latest_scan_time: { type: integer }
                has_container: { type: boolean }
                vul_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/local/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLocalImageAppInfo
      summary: List local image app information
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_id, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/local/batch-scan:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchScanLocalImage
      summary: Batch scan local image
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_all: { type: boolean }
                image_info_list: { type: array, items: { type: object } }
                image_name: { type: string }
                image_version: { type: string }
                local_image_type: { type: string }
                scan_status: { type: string }
                image_size: { type: integer }
                start_latest_update_time: { type: integer }
                end_latest_update_time: { type: integer }
                start_latest_scan_time: { type: integer }
                end_latest_scan_time: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/local/containers:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLocalImageContainers
      summary: List local image containers
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_digest, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: agent_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/local/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLocalImageHosts
      summary: List local image hosts
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_digest, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: agent_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/malwares:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGlobalMalware
      summary: List global malware
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/pay-per-scan/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImagePayPerScanStatistics
      summary: Show image pay per scan statistics
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/registries:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRegistry
      summary: List registries
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: registry_name, in: query, schema: { type: string } }
        - { name: registry_id, in: query, schema: { type: string } }
        - { name: registry_type, in: query, schema: { type: string } }
        - { name: registry_addr, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddRegistry
      summary: Add registry
      tags: [Images]
      x-hss-kind: write
      x-hss-secret-request-fields: ['body:registry_password']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                registry_name: { type: string }
                registry_type: { type: string }
                api_version: { type: string }
                protocol: { type: string }
                registry_addr: { type: string }
                registry_username: { type: string }
                registry_password: { type: string }
                namespace: { type: string }
                connect_cluster_id: { type: string }
                get_scan_image_channel: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/registries/batch-delete:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchDeleteRegistry
      summary: Batch delete registry
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/registries/image-upload-command:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImageUploadCommand
      summary: Show image upload command
      description: >-
        The secret response field is inferred from its purpose: a ready-made command or script carries credentials.
      tags: [Images]
      x-hss-kind: read
      x-hss-secret-request-fields: ['query:password']
      x-hss-secret-response-fields: ['image_command']
      parameters:
        - { name: registry_addr, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: username, in: query, schema: { type: string } }
        - { name: password, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/registries/images:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRegistryImages
      summary: List registry images
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: registry_name, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: latest_version, in: query, schema: { type: boolean } }
        - { name: image_size, in: query, schema: { type: integer } }
        - { name: scan_status, in: query, schema: { type: string } }
        - { name: start_latest_update_time, in: query, schema: { type: integer } }
        - { name: end_latest_update_time, in: query, schema: { type: integer } }
        - { name: start_latest_scan_time, in: query, schema: { type: integer } }
        - { name: end_latest_scan_time, in: query, schema: { type: integer } }
        - { name: start_latest_sync_time, in: query, schema: { type: integer } }
        - { name: end_latest_sync_time, in: query, schema: { type: integer } }
        - { name: has_malicious_file, in: query, schema: { type: boolean } }
        - { name: has_unsafe_setting, in: query, schema: { type: boolean } }
        - { name: has_vul, in: query, schema: { type: boolean } }
        - { name: risky, in: query, schema: { type: boolean } }
        - { name: instance_id, in: query, schema: { type: string } }
        - { name: instance_name, in: query, schema: { type: string } }
        - { name: is_multarch, in: query, schema: { type: boolean } }
        - { name: severity_level, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/registries/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRegistryStatistics
      summary: List registry statistics
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: registry_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/registries/{id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: UpdateRegistry
      summary: Update registry
      tags: [Images]
      x-hss-kind: write
      x-hss-secret-request-fields: ['body:registry_password']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                api_version: { type: string }
                protocol: { type: string }
                registry_addr: { type: string }
                registry_username: { type: string }
                registry_password: { type: string }
                namespace: { type: string }
                connect_cluster_id: { type: string }
                get_scan_image_channel: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteRegistry
      summary: Delete registry
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/scanner-policies:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageScanPolicy
      summary: List image scan policies
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ModifyImageScanPolicy
      summary: Modify image scan policy
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
                scan_cycle: { type: integer }
                scan_scope: { type: integer }
                rate_limit: { type: integer }
                time_scope: { type: integer }
                registry_info: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/security-report/export-tasks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportImageSecurityReportTask
      summary: Export security reports of images
      tags: [Images]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                export_size: { type: integer }
                security_report_type: { type: string }
                image_id_list: { type: array, items: { type: string } }
                operate_all: { type: boolean }
                image_type: { type: string }
                scan_status: { type: string }
                namespace: { type: string }
                image_name: { type: string }
                image_version: { type: string }
                image_id: { type: string }
                latest_version: { type: boolean }
                image_size: { type: integer }
                start_latest_update_time: { type: integer }
                end_latest_update_time: { type: integer }
                start_latest_scan_time: { type: integer }
                end_latest_scan_time: { type: integer }
                has_malicious_file: { type: boolean }
                has_vul: { type: boolean }
                has_unsafe_setting: { type: boolean }
                risky: { type: boolean }
                severity_level: { type: string }
                instance_name: { type: string }
                cicd_name: { type: string }
                build_command_risk_level: { type: string }
                build_command_risk_name: { type: string }
                build_command_rule_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/security-report/statistic:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ShowImageSecurityReportStatistic
      summary: Show image security report statistics
      description: Only asks, in spite of `POST`. Takes the same filter as `BatchExportBaselineTask`.
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: security_report_type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/BaselineExportFilter' }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/sensitive-information:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageSensitiveInfo
      summary: List image sensitive information
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/sensitive/filepath-whitelist:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowFilePathWhiteLists
      summary: Show file path whitelists
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: file_path, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ChangeFilePathWhiteLists
      summary: Change file path whitelists
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                customized_path: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/sensitive/filepath_whitelist:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowFilePathWhiteDetail
      summary: Show file path whitelist detail
      deprecated: true
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: file_path, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ChangeFilePathWhiteDetail
      summary: Change file path whitelist detail
      deprecated: true
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                customized_path: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/sensitive/operate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ChangeSensitiveInfo
      summary: Change sensitive information
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: image_type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                sensitive_info_id: { type: string }
                operate_type: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/swr-repository:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSwrImageRepository
      summary: List SWR image repositories
      deprecated: true
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: latest_version, in: query, schema: { type: boolean } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: scan_status, in: query, schema: { type: string } }
        - { name: instance_name, in: query, schema: { type: string } }
        - { name: image_size, in: query, schema: { type: integer } }
        - { name: start_latest_update_time, in: query, schema: { type: integer } }
        - { name: end_latest_update_time, in: query, schema: { type: integer } }
        - { name: start_latest_scan_time, in: query, schema: { type: integer } }
        - { name: end_latest_scan_time, in: query, schema: { type: integer } }
        - { name: has_malicious_file, in: query, schema: { type: boolean } }
        - { name: has_unsafe_setting, in: query, schema: { type: boolean } }
        - { name: has_vul, in: query, schema: { type: boolean } }
        - { name: instance_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/synchronize:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: RunImageSynchronize
      summary: Run image synchronization
      deprecated: true
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                image_type: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/tasks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageScanTask
      summary: List image scan tasks
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: task_type, in: query, schema: { type: string } }
        - { name: task_name, in: query, schema: { type: string } }
        - { name: task_id, in: query, schema: { type: string } }
        - { name: create_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: task_status, in: query, schema: { type: string } }
        - { name: scan_scope, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGlobalVulnerabilities
      summary: List global vulnerabilities
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: repair_necessity, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerability/handle:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: HandleImageVulnerability
      summary: Handle image vulnerability
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                image_type: { type: string }
                type: { type: string }
                operate_type: { type: string }
                handle_status: { type: string }
                select_type: { type: string }
                image_id_list: { type: array, items: { type: string } }
                vul_id_list: { type: array, items: { type: string } }
                vul_data_list: { type: array, items: { type: object } }
                image_data_list: { type: array, items: { type: object } }
                remark: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerability/handle-affect-vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListImageHandleAffectVulnerabilities
      summary: List image vulnerabilities affected by handling
      description: Only asks, in spite of `POST`.
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_name, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                image_type: { type: string }
                type: { type: string }
                operate_type: { type: string }
                handle_status: { type: string }
                select_type: { type: string }
                image_id_list: { type: array, items: { type: string } }
                vul_id_list: { type: array, items: { type: string } }
                vul_data_list: { type: array, items: { type: object } }
                image_data_list: { type: array, items: { type: object } }
                remark: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerability/handle-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGeneralImageVulOperations
      summary: List general image vulnerability operations
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: user_name, in: query, schema: { type: string } }
        - { name: handle_type, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
        - { name: app_version, in: query, schema: { type: string } }
        - { name: remark, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerability/{image_id}/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulAffectImageApps
      summary: List image apps affected by a vulnerability
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: is_handled, in: query, schema: { type: boolean } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerability/{image_id}/containers:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulAffectImageContainers
      summary: List image containers affected by a vulnerability
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_digest, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: agent_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/vulnerability/{vul_id}/cve:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: vul_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulnerabilityCve
      summary: List CVEs of a vulnerability
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/whitelists:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageWhiteLists
      summary: List image whitelists
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: vul_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddImageWhiteLists
      summary: Add image whitelists
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                vul_type: { type: string }
                vul_ids: { type: array, items: { type: string } }
                rule_type: { type: string }
                query_info: { type: object }
                image_info: { type: array, items: { type: object } }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteImageWhiteLists
      summary: Delete image whitelists
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/whitelists/{id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImageWhiteListDetail
      summary: Show image whitelist detail
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeImageWhiteList
      summary: Change image whitelist
      tags: [Images]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: global_image_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rule_type: { type: string }
                query_info: { type: object }
                image_info: { type: array, items: { type: object } }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageApps
      summary: List image apps
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: tag_name, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/basic-image:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageBasicImage
      summary: List base images of an image
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: os_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/files:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageFiles
      summary: List image files
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: tag_name, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/files-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowImageFilesStat
      summary: Show image files statistics
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: tag_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/malwares:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageMalware
      summary: List image malware
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: file_name, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: tag_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/non-compliant-app:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageNonCompliantApp
      summary: List image non-compliant apps
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/sensitive:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageSensitive
      summary: List sensitive information of an image
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{image_id}/vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: image_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListImageVulnerabilities
      summary: List image vulnerabilities
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: image_type, in: query, schema: { type: string } }
        - { name: instance_id, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: tag_name, in: query, schema: { type: string } }
        - { name: repair_necessity, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/image/{vul_id}/images:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: vul_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulRepoImage
      summary: List vulnerability repository images
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: namespace, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: app_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/images/vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListGeneralImageVuls
      summary: List general image vulnerabilities
      tags: [Images]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: label_list, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: status, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/clusters:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListKubernetesClusterDetails
      summary: List Kubernetes cluster details
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: load_agent_info, in: query, schema: { type: boolean } }
        - { name: scene, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/container/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowK8sContainerDetail
      summary: Show Kubernetes container detail
      tags: [Kubernetes]
      x-hss-kind: read
      x-hss-secret-response-fields: ['service_password']
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: container_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/cronjobs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListK8sCronJobs
      summary: List Kubernetes CronJobs
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cronjob_name, in: query, schema: { type: string } }
        - { name: namespace_name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/daemonsets:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListK8sDaemonSets
      summary: List Kubernetes DaemonSets
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: daemonset_name, in: query, schema: { type: string } }
        - { name: namespace_name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/deployments:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListK8sDeployments
      summary: List Kubernetes Deployments
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: deployment_name, in: query, schema: { type: string } }
        - { name: namespace_name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/endpoint/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowKubernetesEndpointInfo
      summary: Show Kubernetes endpoint information
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/endpoints:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListKubernetesEndpointDetails
      summary: List Kubernetes endpoint details
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/jobs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListK8sJobs
      summary: List Kubernetes jobs
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: job_name, in: query, schema: { type: string } }
        - { name: namespace_name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/pods:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListK8sPods
      summary: List Kubernetes pods
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: pod_name, in: query, schema: { type: string } }
        - { name: namespace_name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/save-clusters:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateClustersInfo
      summary: Create clusters information
      tags: [Kubernetes]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/service/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowKubernetesServiceInfo
      summary: Show Kubernetes service information
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/services:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListKubernetesServiceDetails
      summary: List Kubernetes service details
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: namespace, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/statefulsets:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListK8sStatefulSets
      summary: List Kubernetes StatefulSets
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: statefulset_name, in: query, schema: { type: string } }
        - { name: namespace_name, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/{container_name}/container/isolate:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: container_name, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: ChangeContainerStatus
      summary: Change container status
      tags: [Kubernetes]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: container_id, in: query, schema: { type: string } }
        - { name: opr, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/kubernetes/{pod_name}/pod/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: pod_name, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowK8sPodDetail
      summary: Show Kubernetes pod detail
      tags: [Kubernetes]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/operational-report/notification:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowMonthlyOperaReportNotifyInfo
      summary: Show monthly operation report notification
      tags: [Reports]
      x-hss-kind: read
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeMonthlyOperationReportTipStatus
      summary: Change monthly operation report tip status
      tags: [Reports]
      x-hss-kind: write
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/operational-report/reports:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListMonthlyOperationReports
      summary: List monthly operation reports
      tags: [Reports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/operational-report/reports/{report_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: report_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowMonthlyOperationReportDetail
      summary: Show monthly operation report detail
      tags: [Reports]
      x-hss-kind: read
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/operational-report/welfare:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWelfareAreaInfo
      summary: Show welfare area information
      tags: [Reports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Language'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/overview/agent/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAgentStatistics
      summary: Show agent statistics
      tags: [Overview]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: container_type, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/overview/hot/information:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowHotInformation
      summary: Show hot information
      tags: [Overview]
      x-hss-kind: read
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/overview/protection/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowProtectStatistics
      summary: Show protection statistics
      tags: [Overview]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/overview/risk/score:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowRiskScore
      summary: Show risk score
      tags: [Overview]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/overview/security/risk/list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityRisk
      summary: List security risks
      tags: [Overview]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/plugins:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPlugins
      summary: List plugins
      tags: [Plugins]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: code, in: query, schema: { type: string } }
        - { name: name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/plugins/attachments:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPluginStatus
      summary: List plugin status
      tags: [Plugins]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: plugin_code, in: query, schema: { type: string } }
        - { name: plugin_version, in: query, schema: { type: string } }
        - { name: plugin_status, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: host_status, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: os_arch, in: query, schema: { type: string } }
        - { name: host_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/plugins/attachments/start:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: StartPlugin
      summary: Start plugin
      tags: [Plugins]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                plugin_code: { type: string }
                operate_all: { type: boolean }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/plugins/attachments/stop:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: StopPlugin
      summary: Stop plugin
      tags: [Plugins]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                plugin_code: { type: string }
                operate_all: { type: boolean }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/plugins/code/{code}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: code, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPluginInfo
      summary: List plugin information
      tags: [Plugins]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: plugin_version, in: query, schema: { type: string } }
        - { name: agent_version, in: query, schema: { type: string } }
        - { name: plugin_arch, in: query, schema: { type: string } }
        - { name: plugin_os_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/policy/deploy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AssociatePolicyGroup
      summary: Associate policy group
      tags: [Policies]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                target_policy_group_id: { type: string }
                operate_all: { type: boolean }
                deploy_type: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/policy/group:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ChangePolicyGroup
      summary: Change policy group
      tags: [Policies]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                group_id: { type: string }
                protect_mode: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: AddPolicyGroup
      summary: Add policy group
      tags: [Policies]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                description: { type: string }
                name: { type: string }
                group_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeletePolicyGroup
      summary: Delete policy group
      tags: [Policies]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/policy/groups:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPolicyGroup
      summary: List policy groups
      tags: [Policies]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: group_name, in: query, schema: { type: string } }
        - { name: container_mode, in: query, schema: { type: boolean } }
        - { name: group_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/policy/switch:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowPolicySwitchStatus
      summary: Show policy switch status
      tags: [Policies]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: policy_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ChangePolicySwitchStatus
      summary: Change policy switch status
      tags: [Policies]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                enable: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/product/productdata/offering-infos:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowProductdataOfferingInfos
      summary: Show product data offering information
      tags: [Billing]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: site_code, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/quotas/orders:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateQuotasOrder
      summary: Create quotas order
      description: Costs money or changes what is billed.
      tags: [Billing]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                resource_spec_code: { type: string }
                period_type: { type: integer }
                period_num: { type: integer }
                is_auto_renew: { type: boolean }
                is_auto_pay: { type: boolean }
                subscription_num: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/backup/associate-policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AssociateBackupPolicy
      summary: Associate backup policy
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                vault_id: { type: string }
                policy_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/backup/operation-logs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListOperationLogsByVaultName
      summary: List operation logs by vault name
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: status, in: query, schema: { type: string } }
        - { name: resource_name, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/backup/policies:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListBackupPolicy
      summary: List backup policies
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/backup/{backup_id}/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: backup_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowBackupInfoByBackupId
      summary: Show backup information by backup ID
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/backup/{host_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListBackedupByHostId
      summary: List backups by host ID
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: status, in: query, schema: { type: string } }
        - { name: name, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/duplication/{backup_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: backup_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    delete:
      operationId: DeleteDuplicationInfo
      summary: Delete duplication information
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/duplication/{backup_id}/restore:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: backup_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: RestoreDuplicationInfo
      summary: Restore duplication information
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                server_id: { type: string }
                power_on: { type: boolean }
                mappings: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/optional/vaults:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListBackupVaults
      summary: List backup vaults
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: vault_name, in: query, schema: { type: string } }
        - { name: vault_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/protection/batch-open:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchStartProtection
      summary: Batch start protection
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operating_system: { type: string }
                ransom_protection_status: { type: string }
                protection_policy_id: { type: string }
                backup_protection_status: { type: string }
                vault_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/protection/close:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: StopProtection
      summary: Stop protection
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
                agent_id_list: { type: array, items: { type: string } }
                close_protection_type: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/protection/open:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: StartProtection
      summary: Start protection
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operating_system: { type: string }
                ransom_protection_status: { type: string }
                protection_policy_id: { type: string }
                create_protection_policy: { type: object }
                backup_protection_status: { type: string }
                backup_resources: { type: object }
                backup_policy_id: { type: string }
                backup_cycle: { type: object }
                agent_id_list: { type: array, items: { type: string } }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/protection/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListProtectionPolicy
      summary: List protection policies
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: policy_name, in: query, schema: { type: string } }
        - { name: protect_policy_id, in: query, schema: { type: string } }
        - { name: operating_system, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: AddProtectionPolicy
      summary: Add protection policy
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_name: { type: string }
                protection_mode: { type: string }
                deploy_mode: { type: string }
                protection_directory: { type: string }
                protection_type: { type: string }
                exclude_directory: { type: string }
                operating_system: { type: string }
                process_whitelist: { type: array, items: { type: object } }
                ai_protection_status: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateProtectionPolicy
      summary: Update protection policy
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                policy_id: { type: string }
                policy_name: { type: string }
                protection_mode: { type: string }
                bait_protection_status: { type: string }
                deploy_mode: { type: string }
                protection_directory: { type: string }
                protection_type: { type: string }
                exclude_directory: { type: string }
                agent_id_list: { type: array, items: { type: string } }
                operating_system: { type: string }
                runtime_detection_status: { type: string }
                process_whitelist: { type: array, items: { type: object } }
                ai_protection_status: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteProtectionPolicy
      summary: Delete protection policy
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/protection/policy/deploy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AssociateProtectionPolicy
      summary: Associate protection policy
      tags: [Ransomware]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                target_protection_policy_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/server:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListProtectionServer
      summary: List protection servers
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: host_status, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/ransomware/servers:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRansomwareProtectionNodes
      summary: List ransomware protection nodes
      tags: [Ransomware]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: host_status, in: query, schema: { type: string } }
        - { name: ransom_protection_status, in: query, schema: { type: string } }
        - { name: protect_policy_name, in: query, schema: { type: string } }
        - { name: policy_name, in: query, schema: { type: string } }
        - { name: policy_id, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: last_days, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRaspEvents
      summary: List RASP events
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: app_type, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
        - { name: attack_tag, in: query, schema: { type: string } }
        - { name: protect_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/policies:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListRaspPolicies
      summary: List RASP policies
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: os_type, in: query, schema: { type: string } }
        - { name: policy_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AddPolicy
      summary: Add policy
      tags: [RASP]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: os_type, in: query, schema: { type: string } }
        - { name: policy_name, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                feature_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdatePolicy
      summary: Update policy
      tags: [RASP]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: policy_id, in: query, schema: { type: string } }
        - { name: policy_name, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                feature_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeletePolicy
      summary: Delete policy
      tags: [RASP]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/policy/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowRaspPolicyDetail
      summary: Show RASP policy detail
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: policy_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/rule:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListCheckFeatureRule
      summary: List check feature rule
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: os_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/servers:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListProtectionServers
      summary: List protection servers
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: app_type, in: query, schema: { type: string } }
        - { name: app_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/servers/{host_id}/applications:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowRaspServerDetail
      summary: Show RASP server detail
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: keyword, in: query, schema: { type: string } }
        - { name: app_protect_status, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowRaspProtectStatistics
      summary: Show RASP protection statistics
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: SwitchRasp
      summary: Switch RASP
      tags: [RASP]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
                app_status: { type: boolean }
                app_type: { type: string }
                policy_id: { type: string }
                auto_attach: { type: boolean }
                rasp_port_list: { type: array, items: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/rasp/{host_id}/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowAppRaspSwitchStatus
      summary: Show app RASP switch status
      tags: [RASP]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: app_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/report/logo/upload:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: UploadReportLogo
      summary: Upload report logo
      tags: [Reports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                file: { type: string, format: binary }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/report/report-list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityReport
      summary: List security reports
      tags: [Reports]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: report_category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/report/sending:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SendSecurityReport
      summary: Send security report
      tags: [Reports]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                report_id: { type: integer }
                report_sub_id: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/resources/{resource_id}/locked-status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: resource_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLockedStatus
      summary: List locked status
      tags: [Tags]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowSecurityCheckConfig
      summary: Show security check config
      tags: [Security checks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: UpdateSecurityCheckConfig
      summary: Update security check config
      tags: [Security checks]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_id: { type: integer }
                status: { type: boolean }
                check_period_type: { type: string }
                day_period: { type: integer }
                week_period: { type: array, items: { type: string } }
                hour: { type: integer }
                content: { type: array, items: { type: string } }
                host_id_list: { type: array, items: { type: string } }
                operate_all: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/containers/cluster-reports:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSecurityCheckClusterReports
      summary: List security check cluster reports
      tags: [Security checks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: cluster_category, in: query, schema: { type: string } }
        - { name: severity, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/containers/cluster-reports/{report_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: report_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowSecurityCheckClusterReport
      summary: Show security check cluster report
      tags: [Security checks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Language'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/host-report/{host_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowSecurityCheckHostReport
      summary: Show security check host report
      tags: [Security checks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: scan_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/manual-check/start:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: StartManualSecurityCheck
      summary: Start manual security check
      tags: [Security checks]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                content: { type: array, items: { type: string } }
                host_id_list: { type: array, items: { type: string } }
                operate_all: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/manual-check/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowManualSecurityCheckStatus
      summary: Show manual security check status
      tags: [Security checks]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/security-check/manual-check/stop:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: StopManualSecurityCheck
      summary: Stop manual security check
      tags: [Security checks]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/serverless/asset:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListServerlessAsset
      summary: List serverless assets
      deprecated: true
      tags: [Serverless]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/serverless/asset/detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListServerlessAssetDetail
      summary: List serverless asset detail
      deprecated: true
      tags: [Serverless]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: category, in: query, schema: { type: string } }
        - { name: asset_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/agent-install-script:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAgentInstallScript
      summary: List agent install scripts
      description: >-
        The secret response field is inferred from its purpose: a ready-made command or script carries credentials.
      tags: [Settings]
      x-hss-kind: read
      x-hss-secret-response-fields: ['install_script_list']
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: os_type, in: query, schema: { type: string } }
        - { name: os_arch, in: query, schema: { type: string } }
        - { name: outside_host, in: query, schema: { type: boolean } }
        - { name: outside_group_id, in: query, schema: { type: string } }
        - { name: batch_install, in: query, schema: { type: boolean } }
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/agent-version:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAgentVersion
      summary: List agent versions
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: os_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/alarm-config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAlarmConfig
      summary: List alarm configs
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateAlarmConfig
      summary: Update alarm config
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                alarm_type: { type: string }
                display_name: { type: string }
                topic_urn: { type: string }
                daily_alarm: { type: boolean }
                realtime_alarm: { type: boolean }
                alarm_level: { type: string }
                ignored_event_class_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/config/agent-auto-upgrade:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAgentAutoUpgradeStatus
      summary: List agent auto upgrade status
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeAgentAutoUpgradeStatus
      summary: Change agent auto upgrade status
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/config/auto-open-quota:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAutoOpenQuotaStatus
      summary: List auto open quota status
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeAutoOpenQuotaStatus
      summary: Change auto open quota status
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/dictionaries:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListDictionaries
      summary: List dictionaries
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: scene, in: query, schema: { type: string } }
        - { name: group_code, in: query, schema: { type: string } }
        - { name: code, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/docker-plugin-install-script:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListPluginInstallScript
      summary: List plugin install scripts
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: outside_host, in: query, schema: { type: boolean } }
        - { name: batch_install, in: query, schema: { type: boolean } }
        - { name: plugin, in: query, schema: { type: string } }
        - { name: operate_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/login-common-ip:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLoginCommonIp
      summary: List common login IPs
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: ip_addr, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ModifyLoginCommonIp
      summary: Modify common login IPs
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                ip_addr: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/login-common-location:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLoginCommonLocation
      summary: List common login locations
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: area_code, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ModifyLoginCommonLocation
      summary: Modify common login locations
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                area_code: { type: integer }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/login-white-ip:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListLoginWhiteIp
      summary: List whitelisted login IPs
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: white_ip, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: ModifyLoginWhiteIp
      summary: Modify whitelisted login IPs
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
                white_ip: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/malware/collect:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListMalwareCollectStatus
      summary: List malware collection status
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeMalwareCollectStatus
      summary: Change malware collection status
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/malware/reminders:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowMalwareReminders
      summary: Show malware reminders
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: SetMalwareReminders
      summary: Set malware reminders
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                reminders: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/page-notices:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowPageNotices
      summary: Show page notices
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: page_location, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/plugins:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListDockerPlugins
      summary: List Docker plugins
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: detect_result, in: query, schema: { type: string } }
        - { name: host_status, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: ip_addr, in: query, schema: { type: string } }
        - { name: protect_status, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: policy_group_id, in: query, schema: { type: string } }
        - { name: policy_group_name, in: query, schema: { type: string } }
        - { name: label, in: query, schema: { type: string } }
        - { name: charging_mode, in: query, schema: { type: string } }
        - { name: refresh, in: query, schema: { type: boolean } }
        - { name: above_version, in: query, schema: { type: boolean } }
        - { name: name, in: query, schema: { type: string } }
        - { name: version, in: query, schema: { type: string } }
        - { name: plugin, in: query, schema: { type: string } }
        - { name: outside_host, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/scripts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowScriptFile
      summary: Download a script
      description: Answers a script as a stream.
      tags: [Settings]
      x-hss-kind: download
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/File' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/switches/{code}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: code, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowSwitchesStatus
      summary: Show switches status
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeSwitchesStatus
      summary: Change switches status
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/system-configs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListSystemConfigs
      summary: List system configs
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/two-factor-login/config:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: SetTwoFactorLoginConfig
      summary: Set two-factor login config
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
                auth_type: { type: string }
                topic_display_name: { type: string }
                topic_urn: { type: string }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/two-factor-login/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListTwoFactorLoginHost
      summary: List two-factor login hosts
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: display_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/setting/virus-kill:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListAutoKillVirusStatus
      summary: List auto kill virus status
      tags: [Settings]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: StartAutoKillVirusStatus
      summary: Start auto kill virus status
      tags: [Settings]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                enabled: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vul/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportVuls
      summary: Export vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: type, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: export_size, in: query, schema: { type: integer } }
        - { name: category, in: query, schema: { type: string } }
        - { name: repair_priority, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: label_list, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: node_type, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                export_headers: { type: array, items: { type: array, items: { type: string } } }
                vul_id_list: { type: array, items: { type: string } }
                host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/backup-statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ShowVulBackupStatistics
      summary: Show vulnerability backup statistics
      description: Only asks, in spite of `POST`.
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                select_type: { type: string }
                type: { type: string }
                data_list: { type: array, items: { type: object } }
                host_data_list: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/backup/backups:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHostBackups
      summary: List vulnerability host backups
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/backup/host-vaults:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHostVaults
      summary: List vulnerability host vaults
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: backup_info_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/backup/{backup_id}/restore:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: backup_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: RestoreVulHostBackup
      summary: Restore vulnerability host backup
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/cms-detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowCmsVulDetail
      summary: Show CMS vulnerability detail
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/container/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulContainerApps
      summary: List vulnerability container apps
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: container_id, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/containers:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulContainers
      summary: List vulnerability containers
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: min_scan_time, in: query, schema: { type: integer } }
        - { name: max_scan_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/handle-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHandleHistory
      summary: List vulnerability handling history
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: status, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: vul_type, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: sort_key, in: query, schema: { type: string } }
        - { name: sort_dir, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/handle-history/export-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportVulHandleHistory
      summary: Export the handling history of vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                status: { type: string }
                vul_id: { type: string }
                vul_type: { type: string }
                asset_value: { type: string }
                group_name: { type: string }
                host_name: { type: string }
                host_ip: { type: string }
                export_size: { type: integer }
                export_header_list: { type: array, items: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/handle/vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHandleVuls
      summary: List handled vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: label_list, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: handle_circle, in: query, schema: { type: string } }
        - { name: repair_priority, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/history/export-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportHandledVulnerabilities
      summary: Export handled vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                vul_name: { type: string }
                repair_priority: { type: string }
                host_name: { type: string }
                host_ip: { type: string }
                is_affect_business: { type: boolean }
                status: { type: string }
                asset_value: { type: string }
                label: { type: string }
                type: { type: string }
                group_name: { type: string }
                handle_cycle: { type: string }
                specific_vuls: { type: array, items: { type: object } }
                export_size: { type: integer }
                export_headers: { type: array, items: { type: array, items: { type: string } } }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/host-vulnerability/vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHostVuls
      summary: List vulnerability host vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: label_list, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: repair_type, in: query, schema: { type: string } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: repair_priority, in: query, schema: { type: string } }
        - { name: host_id_list, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/host/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHostHosts
      summary: List vulnerability host hosts
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: host_id_list, in: query, schema: { type: string } }
        - { name: node_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/host/{host_id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostVuls
      summary: List host vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: type, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: repair_priority, in: query, schema: { type: string } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: is_affect_business, in: query, schema: { type: boolean } }
        - { name: label_list, in: query, schema: { type: string } }
        - { name: excluded_label_list, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHosts
      summary: List vulnerability hosts
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: is_affect_business, in: query, schema: { type: boolean } }
        - { name: repair_priority, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: is_container, in: query, schema: { type: boolean } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: min_scan_time, in: query, schema: { type: integer } }
        - { name: max_scan_time, in: query, schema: { type: integer } }
        - { name: node_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/images:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulAffectImages
      summary: List images affected by a vulnerability
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: is_handled, in: query, schema: { type: boolean } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: repair_necessity, in: query, schema: { type: string } }
        - { name: image_id, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: registry_name, in: query, schema: { type: string } }
        - { name: registry_type, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/linux-detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowLinuxVulDetail
      summary: Show Linux vulnerability detail
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/repair-cmds:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ListVulRepairCmds
      summary: List vulnerability repair commands
      description: Only asks, in spite of `POST`.
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: category, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                select_type: { type: string }
                data_list: { type: array, items: { type: object } }
                host_data_list: { type: array, items: { type: object } }
                is_container: { type: boolean }
                cluster_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/report/data:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ShowVulReportData
      summary: Show vulnerability report data
      description: >-
        Only asks, in spite of `POST`: it answers the figures of a report as JSON and creates no export task.
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                asset_value: { type: string }
                group_name: { type: string }
                host_ids: { type: array, items: { type: string } }
                host_name: { type: string }
                host_ip: { type: string }
                severity_level: { type: string }
                handle_status: { type: string }
                status: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/scan-policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowVulScanPolicy
      summary: Show vulnerability scan policy
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeVulScanPolicy
      summary: Change vulnerability scan policy
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                scan_period: { type: string }
                scan_range_type: { type: string }
                host_ids: { type: array, items: { type: string } }
                scan_vul_types: { type: array, items: { type: string } }
                status: { type: string }
                time: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/scan-task:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: CreateVulnerabilityScanTask
      summary: Create vulnerability scan task
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                manual_scan_type: { type: array, items: { type: string } }
                batch_flag: { type: boolean }
                range_type: { type: string }
                agent_id_list: { type: array, items: { type: string } }
                urgent_vul_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/scan-task/{task_id}/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulScanTaskHost
      summary: List vulnerability scan task hosts
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: scan_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/scan-tasks:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulScanTask
      summary: List vulnerability scan tasks
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: scan_type, in: query, schema: { type: string } }
        - { name: task_id, in: query, schema: { type: string } }
        - { name: min_start_time, in: query, schema: { type: integer } }
        - { name: max_start_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/scan/task/estimated-time:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ShowVulScanTaskEstimatedTime
      summary: Show vulnerability scan task estimated time
      description: Only asks, in spite of `POST`.
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                manual_scan_type: { type: array, items: { type: string } }
                range_type: { type: string }
                agent_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/scan/task/{task_id}/rescan:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: task_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: RecreateVulScanTask
      summary: Recreate vulnerability scan task
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                range_type: { type: string }
                host_ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowVulStatics
      summary: Show vulnerability statistics
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/statistics/affected:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowVulAffectedStatics
      summary: Show vulnerability affected statistics
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: select_type, in: query, schema: { type: string } }
        - { name: type, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: container_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: is_container, in: query, schema: { type: boolean } }
        - { name: vul_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: host_ids, in: query, explode: true, schema: { type: array, items: { type: string } } }
        - { name: category, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: ChangeVulStatus
      summary: Change vulnerability status
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                operate_type: { type: string }
                remark: { type: string }
                select_type: { type: string }
                type: { type: string }
                data_list: { type: array, items: { type: object } }
                host_data_list: { type: array, items: { type: object } }
                backup_info_id: { type: string }
                custom_backup_hosts: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/task/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowVulTaskStatistics
      summary: Show vulnerability task statistics
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/task/user/trace:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: RecordUserViewVulTask
      summary: Record that a user viewed a vulnerability task
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                task_type: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/urgent-vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListUrgentVulnerabilities
      summary: List urgent vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: severity_level, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: is_container, in: query, schema: { type: boolean } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: min_scan_time, in: query, schema: { type: integer } }
        - { name: max_scan_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/vulnerabilities:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulnerabilities
      summary: List vulnerabilities
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: type, in: query, schema: { type: string } }
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: repair_priority, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: label_list, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: node_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/white-list:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: AddVulWhiteList
      summary: Add vulnerability whitelist
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                vul_type: { type: string }
                vul_ids: { type: array, items: { type: string } }
                rule_type: { type: string }
                host_ids: { type: array, items: { type: string } }
                with_ignore: { type: boolean }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteVulWhiteList
      summary: Delete vulnerability whitelist
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                ids: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/white-list/vulnerability-options:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulWhiteListVulOptions
      summary: List vulnerability options of vulnerability whitelists
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: category, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: vul_type, in: query, schema: { type: string } }
        - { name: vul_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/white-list/{id}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowVulWhiteListDetail
      summary: Show vulnerability whitelist detail
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: ChangeVulWhiteList
      summary: Change vulnerability whitelist
      tags: [Vulnerabilities]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rule_type: { type: string }
                host_ids: { type: array, items: { type: string } }
                description: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/white-lists:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulWhiteList
      summary: List vulnerability whitelists
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_name, in: query, schema: { type: string } }
        - { name: vul_type, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/windows-detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWindowsVulDetail
      summary: Show Windows vulnerability detail
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: cve_id, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/{host_id}/apps:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHostApps
      summary: List vulnerability host apps
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: vul_id, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: is_container, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/{host_id}/fail-detail:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulRepairFailedDetail
      summary: List details of failed vulnerability repairs
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: vul_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/vulnerability/{host_id}/process:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListVulHostProcess
      summary: List vulnerability host processes
      tags: [Vulnerabilities]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: app_name, in: query, schema: { type: string } }
        - { name: handle_status, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/events:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperEvent
      summary: List web tamper events
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_private_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: process_path, in: query, schema: { type: string } }
        - { name: process_env, in: query, schema: { type: string } }
        - { name: web_app_name, in: query, schema: { type: string } }
        - { name: start_event_time, in: query, schema: { type: integer } }
        - { name: end_event_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/host-management/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperHost
      summary: List web tamper hosts
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: group_id, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: web_app_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/host/export:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: ExportWebTamperHost
      summary: Export hosts under web tamper protection
      tags: [Web tamper protection]
      x-hss-kind: export
      parameters:
        - $ref: '#/components/parameters/IdempotencyKey'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id: { type: string }
                host_id_list: { type: array, items: { type: string } }
                host_name: { type: string }
                public_ip: { type: string }
                private_ip: { type: string }
                agent_id: { type: string }
                os_type: { type: string }
                asset_value: { type: string }
                group_name: { type: string }
                protect_status: { type: string }
                agent_status: { type: string }
                rasp_protect_status: { type: string }
                wtp_status: { type: string }
                offset: { type: integer }
                limit: { type: integer }
                export_headers: { type: array, items: { type: array, items: { type: string } } }
                export_size: { type: integer }
      responses:
        '200': { $ref: '#/components/responses/ExportTaskCreated' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWtpProtectHost
      summary: List web tamper protection hosts
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: public_ip, in: query, schema: { type: string } }
        - { name: private_ip, in: query, schema: { type: string } }
        - { name: group_name, in: query, schema: { type: string } }
        - { name: os_type, in: query, schema: { type: string } }
        - { name: asset_value, in: query, schema: { type: string } }
        - { name: protect_status, in: query, schema: { type: string } }
        - { name: wtp_status, in: query, schema: { type: string } }
        - { name: agent_status, in: query, schema: { type: string } }
        - { name: rasp_status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/image-options:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperImageOptions
      summary: List web tamper image options
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: registry_type, in: query, schema: { type: string } }
        - { name: image_namespace, in: query, schema: { type: string } }
        - { name: registry_name, in: query, schema: { type: string } }
        - { name: image_type, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/protection-config/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    put:
      operationId: SwitchWebTamperProtectStatus
      summary: Switch web tamper protection status
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                type: { type: string }
                operate_type: { type: string }
                charging_mode: { type: string }
                protection_config_id_list: { type: array, items: { type: string } }
                resource_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/protection-configs:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperProtectionConfigs
      summary: List web tamper protection configs
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: id, in: query, schema: { type: string } }
        - { name: web_app_name, in: query, schema: { type: string } }
        - { name: image_name, in: query, schema: { type: string } }
        - { name: image_version, in: query, schema: { type: string } }
        - { name: protect_type, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: cluster_name, in: query, schema: { type: string } }
        - { name: cluster_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_private_ip, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    post:
      operationId: CreateWebTamperProtectionConfig
      summary: Create web tamper protection config
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                type: { type: string }
                protect_mode: { type: string }
                monitor_process: { type: boolean }
                privileged_process_list: { type: array, items: { type: string } }
                privileged_child: { type: boolean }
                container_wtp_info: { type: object }
                open_protection_immediately: { type: boolean }
                quota_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateWebTamperProtectionConfig
      summary: Update web tamper protection config
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                type: { type: string }
                protection_config_id: { type: string }
                protect_mode: { type: string }
                monitor_process: { type: boolean }
                privileged_process_list: { type: array, items: { type: string } }
                privileged_child: { type: boolean }
                container_wtp_info: { type: object }
                protect_directory_info_list: { type: array, items: { type: object } }
                exclude_file_types: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteWebTamperProtectionConfig
      summary: Delete web tamper protection config
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                type: { type: string }
                protection_config_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/protection-containers:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperProtectionContainer
      summary: List web tamper protection containers
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: protection_config_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_private_ip, in: query, schema: { type: string } }
        - { name: container_name, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/protection-directories:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperProtectionDirectory
      summary: List web tamper protection directories
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: type, in: query, schema: { type: string } }
        - { name: protection_config_id, in: query, schema: { type: string } }
        - { name: container_id, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
        - { name: protect_directory, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/protection/batch-open:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchStartWebTamperProtection
      summary: Batch start web tamper protection
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
                charging_mode: { type: string }
                resource_id: { type: string }
                tags: { type: array, items: { type: object } }
                protect_dir_info: { type: object }
                enable_timing_off: { type: boolean }
                timing_off_config_info: { type: object }
                enable_rasp_protect: { type: boolean }
                rasp_path: { type: string }
                enable_privileged_process: { type: boolean }
                privileged_process_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/rasp/protect-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostRaspProtectHistoryInfo
      summary: List host RASP protection history information
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: alarm_level, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/rasp/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SetRaspSwitch
      summary: Set RASP switch
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id_list: { type: array, items: { type: string } }
                status: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/static/protect-history:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListHostProtectHistoryInfo
      summary: List host protection history information
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: host_id, in: query, schema: { type: string } }
        - { name: host_name, in: query, schema: { type: string } }
        - { name: host_ip, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: file_operation, in: query, schema: { type: string } }
        - { name: start_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/static/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SetWtpProtectionStatusInfo
      summary: Set web tamper protection status information
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/Region'
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                status: { type: boolean }
                host_id_list: { type: array, items: { type: string } }
                charging_mode: { type: string }
                resource_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListWebTamperProtectStatistics
      summary: List web tamper protection statistics
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/webtamper/{host_id}/policy:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWebTamperHostPolicy
      summary: Show web tamper host policy
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateWebTamperHostPolicy
      summary: Update web tamper host policy
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                protect_dir_info: { type: object }
                enable_timing_off: { type: boolean }
                timing_off_config_info: { type: object }
                enable_rasp_protect: { type: boolean }
                rasp_path: { type: string }
                enable_privileged_process: { type: boolean }
                privileged_process_info: { type: object }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/wtp/backup-hosts:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListBackupHostsInfo
      summary: List backup hosts information
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Offset'
        - { name: is_run, in: query, schema: { type: boolean } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateBackupHostInfo
      summary: Update backup host information
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                host_id: { type: string }
                backup_host_ip: { type: string }
                backup_host_port: { type: integer }
                backup_dir: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    delete:
      operationId: DeleteBackupHostInfo
      summary: Delete backup host information
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                backup_host_id_list: { type: array, items: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/wtp/statistics:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWtpProtectStatistics
      summary: Show web tamper protection statistics
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/wtp/{host_id}/backup-host:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowRemoteBackupHostInfo
      summary: Show remote backup host information
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/wtp/{host_id}/protect-directories/status:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SetProtectDirSwitchInfo
      summary: Set protection directory switch information
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                protect_dir_list: { type: array, items: { type: string } }
                enable_protect: { type: boolean }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/wtp/{host_id}/rasp-path:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ShowWebTamperRaspPath
      summary: Show web tamper RASP path
      tags: [Web tamper protection]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
    put:
      operationId: UpdateWebTamperRaspPath
      summary: Update web tamper RASP path
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - { name: host_name, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                rasp_path: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/wtp/{host_id}/set-remote-backup:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: SetRemoteBackupInfo
      summary: Set remote backup information
      tags: [Web tamper protection]
      x-hss-kind: write
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                remote_backup: { type: boolean }
                backup_addr: { type: string }
                backup_host_id: { type: string }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/{host_id}/files/change-files:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: host_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListFileHostEventDetails
      summary: List file host event details
      tags: [File integrity]
      x-hss-kind: read
      parameters:
        - $ref: '#/components/parameters/EnterpriseProjectId'
        - $ref: '#/components/parameters/Offset'
        - $ref: '#/components/parameters/Limit'
        - { name: begin_time, in: query, schema: { type: integer } }
        - { name: end_time, in: query, schema: { type: integer } }
        - { name: file_name, in: query, schema: { type: string } }
        - { name: file_path, in: query, schema: { type: string } }
        - { name: change_type, in: query, schema: { type: string } }
        - { name: change_category, in: query, schema: { type: string } }
        - { name: status, in: query, schema: { type: string } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/{resource_type}/tags:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: resource_type, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListProjectTags
      summary: List project tags
      tags: [Tags]
      x-hss-kind: read
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/{resource_type}/{resource_id}/tags:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: resource_type, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: resource_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    get:
      operationId: ListResourceInstanceTag
      summary: List resource instance tags
      tags: [Tags]
      x-hss-kind: read
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/{resource_type}/{resource_id}/tags/create:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: resource_type, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: resource_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    post:
      operationId: BatchCreateTags
      summary: Batch create tags
      tags: [Tags]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                tags: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/{resource_type}/{resource_id}/tags/delete:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: resource_type, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: resource_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    delete:
      operationId: BatchDeleteTags
      summary: Batch delete tags
      tags: [Tags]
      x-hss-kind: write
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                tags: { type: array, items: { type: object } }
                sys_tags: { type: array, items: { type: object } }
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }
  /v5/{project_id}/{resource_type}/{resource_id}/tags/{key}:
    parameters:
      - $ref: '#/components/parameters/ProjectId'
      - { name: resource_type, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: resource_id, in: path, required: true, schema: { type: string, minLength: 1 } }
      - { name: key, in: path, required: true, schema: { type: string, minLength: 1 } }
      - $ref: '#/components/parameters/RequestId'
      - $ref: '#/components/parameters/AuditReason'
    delete:
      operationId: DeleteResourceInstanceTag
      summary: Delete resource instance tag
      tags: [Tags]
      x-hss-kind: write
      responses:
        '200': { $ref: '#/components/responses/JSON' }
        default: { $ref: '#/components/responses/Error' }

components:
  parameters:
    ProjectId:
      name: project_id
      in: path
      required: true
      description: >-
        A project's id, its configured name, or `_` for the caller's first project. The project decides region,
        endpoint and credential. A project that the caller was not granted is refused with `HSSGW.4033`.
      schema: { type: string, minLength: 1 }
    EnterpriseProjectId:
      name: enterprise_project_id
      in: query
      description: >-
        The enterprise project to look at; `0` is the default one and `all_granted_eps` stands for every one the
        credential may see. Left out, HSS assumes `0`; the gateway adds the project's or the caller's configured default
        instead. A repeated value or an encoded name is refused with `HSSGW.4003`, one that the caller was not granted
        with `HSSGW.4032`.
      schema: { type: string, minLength: 1, maxLength: 256, pattern: '^[A-Za-z0-9_-]+$', default: '0' }
    Region:
      name: region
      in: header
      description: The region whose assets are meant. Passed on and signed; the project decides where the request goes.
      schema: { type: string, minLength: 1, maxLength: 128 }
    Limit:
      name: limit
      in: query
      description: Rows of one page. Most operations take 10 to 200 and assume 10.
      schema: { type: integer }
    Offset:
      name: offset
      in: query
      description: Rows to skip before the page. Most operations take 0 to 2000000 and assume 0.
      schema: { type: integer }
    AuthToken:
      name: X-Auth-Token
      in: header
      description: An IAM token. HSS documents it; callers need not send it, and the gateway drops it and uses its own credential.
      schema: { type: string, minLength: 1, maxLength: 32768 }
    SecurityToken:
      name: X-Security-Token
      in: header
      description: >-
        Belongs to temporary access keys. HSS documents it as a parameter of the account operations; the gateway drops
        the caller's and sends its credential's own where that has one.
      schema: { type: string }
    Language:
      name: x-language
      in: header
      description: The language of texts in the answer.
      schema: { type: string }
    RequestId:
      name: X-Request-Id
      in: header
      description: The caller's own id for the request, kept in the audit record. A value outside the pattern is replaced.
      schema: { type: string, pattern: '^[A-Za-z0-9._-]{1,128}$' }
    AuditReason:
      name: X-Audit-Reason
      in: header
      description: >-
        Why the caller asks, kept in the audit record. Mandatory for the kinds in the caller's `require_reason`, else
        the request is refused with `HSSGW.4004`.
      schema: { type: string }
    IdempotencyKey:
      name: Idempotency-Key
      in: header
      description: >-
        An export repeated with the same key and the same body within 24 hours answers the first task again, marked by
        `Idempotency-Replayed: true`. The same key with another body is refused with `HSSGW.4220`.
      schema: { type: string }

  headers:
    RequestId:
      description: HSS's id of the request when there is one, else the caller's, else the gateway's.
      schema: { type: string }
    AuditId:
      description: The id of the audit record, a UUID version 7.
      schema: { type: string, format: uuid }
    Source:
      description: Who answered. `upstream` is HSS, untouched; `gateway` is a refusal or a failure of the gateway itself.
      schema: { type: string, enum: [gateway, upstream] }
    IdempotencyReplayed:
      description: Present when the answer is the one of an earlier request with the same `Idempotency-Key`.
      schema: { type: string, const: 'true' }
    RetryAfter:
      description: Seconds to wait. On every 429 and 503 of the gateway.
      schema: { type: integer, minimum: 0 }

  responses:
    JSON:
      description: What HSS answered, a JSON object.
      headers:
        X-Request-Id: { $ref: '#/components/headers/RequestId' }
        Audit-Id: { $ref: '#/components/headers/AuditId' }
        X-HSSGW-Source: { $ref: '#/components/headers/Source' }
      content:
        application/json:
          schema: { type: object }
    File:
      description: A file, streamed as HSS sends it. The media type is not documented by HSS and passes untouched.
      headers:
        X-Request-Id: { $ref: '#/components/headers/RequestId' }
        Audit-Id: { $ref: '#/components/headers/AuditId' }
        X-HSSGW-Source: { $ref: '#/components/headers/Source' }
      content:
        application/octet-stream: {}
    ExportTaskCreated:
      description: The export task was created. Poll it until it succeeded.
      x-hss-export-step: create
      headers:
        X-Request-Id: { $ref: '#/components/headers/RequestId' }
        Audit-Id: { $ref: '#/components/headers/AuditId' }
        X-HSSGW-Source: { $ref: '#/components/headers/Source' }
        Idempotency-Replayed: { $ref: '#/components/headers/IdempotencyReplayed' }
      content:
        application/json:
          schema: { $ref: '#/components/schemas/ExportTaskCreated' }
    ExportTaskState:
      description: How far the export task is.
      x-hss-export-step: poll
      headers:
        X-Request-Id: { $ref: '#/components/headers/RequestId' }
        Audit-Id: { $ref: '#/components/headers/AuditId' }
        X-HSSGW-Source: { $ref: '#/components/headers/Source' }
      content:
        application/json:
          schema: { $ref: '#/components/schemas/ExportTaskState' }
    ExportedFile:
      description: >-
        The file of an export task that succeeded, a ZIP archive in practice, streamed as HSS sends it. The media type is
        not documented by HSS and passes untouched.
      x-hss-export-step: download
      headers:
        X-Request-Id: { $ref: '#/components/headers/RequestId' }
        Audit-Id: { $ref: '#/components/headers/AuditId' }
        X-HSSGW-Source: { $ref: '#/components/headers/Source' }
      content:
        application/zip: {}
        application/octet-stream: {}
    Error:
      description: >-
        `X-HSSGW-Source: gateway` marks a refusal or failure of the gateway, `X-HSSGW-Source: upstream` an error of HSS.
        HSS answers 400 for most of its errors, also for a missing permission and for a thing that does not exist.
      headers:
        X-Request-Id: { $ref: '#/components/headers/RequestId' }
        Audit-Id: { $ref: '#/components/headers/AuditId' }
        X-HSSGW-Source: { $ref: '#/components/headers/Source' }
        Retry-After: { $ref: '#/components/headers/RetryAfter' }
      content:
        application/json:
          schema:
            anyOf:
              - $ref: '#/components/schemas/GatewayError'
              - $ref: '#/components/schemas/UpstreamError'

  schemas:
    ExportTaskCreated:
      type: object
      properties:
        record_total_num:
          description: Rows that the export will have. Three of the fourteen operations answer it.
          type: integer
          format: int64
          minimum: 0
          maximum: 2147483647
        task_id:
          description: The task to poll.
          type: string
          minLength: 1
          maxLength: 256
      example: { record_total_num: 1, task_id: asdwwqdtut01 }
    ExportTaskState:
      type: object
      properties:
        task_id: { type: string }
        task_name: { type: string }
        task_status: { type: string, enum: [success, failure, running] }
        file_id: { type: string, description: The file to download. It means something once the task succeeded. }
        file_name: { type: string }
    GatewayError:
      description: |
        The shape that the official SDKs parse, with the members of RFC 9457.

        | error_code | meaning |
        |---|---|
        | `HSSGW.4000` | bad request |
        | `HSSGW.4001` | loop: a gateway pointed at itself |
        | `HSSGW.4002` | not in the API |
        | `HSSGW.4003` | bad `enterprise_project_id` |
        | `HSSGW.4004` | a reason is required |
        | `HSSGW.4010` | caller unknown |
        | `HSSGW.4011` | signature mismatch |
        | `HSSGW.4012` | date outside the window |
        | `HSSGW.4013` | replay |
        | `HSSGW.4030` | operation unknown |
        | `HSSGW.4031` | refused by policy |
        | `HSSGW.4032` | enterprise project not granted |
        | `HSSGW.4033` | project not granted |
        | `HSSGW.4034` | a page of another site made the request |
        | `HSSGW.4035` | region not granted |
        | `HSSGW.4080` | caller too slow |
        | `HSSGW.4090` | an export under this idempotency key has an unknown end |
        | `HSSGW.4130` | body too large |
        | `HSSGW.4220` | idempotency key used with another body |
        | `HSSGW.4290` | too many requests |
        | `HSSGW.4291` | quota used up |
        | `HSSGW.4310` | headers too large |
        | `HSSGW.5000` | a fault of the gateway's own |
        | `HSSGW.5020` | cannot connect to HSS |
        | `HSSGW.5021` | TLS with HSS failed |
        | `HSSGW.5022` | HSS broke the protocol, or answered a redirect |
        | `HSSGW.5030` | credential unavailable |
        | `HSSGW.5031` | credential suspended |
        | `HSSGW.5032` | audit journal unavailable |
        | `HSSGW.5033` | overloaded |
        | `HSSGW.5034` | draining |
        | `HSSGW.5035` | what several gateways share can't be decided now |
        | `HSSGW.5040` | HSS took too long |
      type: object
      required: [error_code, error_msg, request_id, type, title, status, retryable]
      properties:
        error_code: { type: string, pattern: '^HSSGW\.[0-9]{4}$' }
        error_msg: { type: string, description: What happened and what to do. }
        request_id: { type: string }
        type: { type: string, format: uri-reference }
        title: { type: string, description: 'The error in one word, for example `policy_denied`.' }
        status: { type: integer, minimum: 400, maximum: 599, description: The HTTP status once more. }
        rule: { type: string, description: The policy rule that decided. }
        retryable: { type: boolean, description: Whether the same request may succeed later. }
        hint: { type: string }
      example:
        error_code: HSSGW.4031
        error_msg: The policy does not allow caller image-team to use BatchExportBaselineTask.
        request_id: 0f7c3f0e4b1d4f0c8a2b6d5e9c7a1b23
        type: about:blank
        title: policy_denied
        status: 403
        rule: exports
        retryable: false
        hint: Ask the gateway's operator for a rule that allows it.
    UpstreamError:
      description: |
        An error of HSS (`HSS.0001` and the like) or of the API gateway in front of it (`APIGW.0301` and the like). Some
        HSS errors have no `error_msg`, only `error_description`.
      type: object
      properties:
        error_code: { type: string }
        error_msg: { type: string }
        error_description: { type: string }
        request_id: { type: string }
      example:
        error_code: APIGW.0308
        error_msg: 'The throttling threshold has been reached: policy user over ratelimit,limit:5,time:1 minute'
        request_id: 8f0f8c4b0f3d4e0e9b6f0a5d2c1b7e64
    BaselineExportFilter:
      description: |
        Which images' results are meant. Every field is optional; the filters narrow what `operate_all` takes.

        The four times are milliseconds since 1970, but the documented ranges end before 1970-01-26 and so cannot be
        meant. They are recorded here as documented, and the gateway never refuses a request because of them.
      type: object
      properties:
        image_id_list:
          description: The images, by the ids that the image list answers. Needed when `operate_all` is false.
          type: array
          minItems: 0
          maxItems: 2147483647
          items: { type: string }
        operate_all: { type: boolean, description: Everything that the filters match. }
        image_type:
          description: Results of CI/CD builds need `cicd`.
          type: string
          enum: [private_image, shared_image, local_image, instance_image, harbor, jfrog, cicd]
        vul_type: { type: string, enum: [linux_vul, app_vul] }
        scan_status: { type: string, enum: [unscan, success, scanning, failed, download_failed, image_oversized] }
        namespace:
          description: The organization. Only private and shared images have one.
          type: string
          minLength: 0
          maxLength: 65535
        image_name: { type: string, minLength: 0, maxLength: 65535 }
        image_version: { type: string, minLength: 0, maxLength: 65535 }
        image_id: { type: string, minLength: 0, maxLength: 128 }
        latest_version: { type: boolean, description: Only the newest version of each image. }
        image_size: { type: integer, format: int64, minimum: 0, maximum: 2147483547 }
        start_latest_update_time:
          description: Milliseconds. Range as documented, never enforced.
          type: integer
          format: int64
          minimum: 0
          maximum: 2147483547
        end_latest_update_time:
          description: Milliseconds. Range as documented, never enforced.
          type: integer
          format: int64
          minimum: 0
          maximum: 2147483547
        start_latest_scan_time:
          description: Milliseconds. Range as documented, never enforced.
          type: integer
          format: int64
          minimum: 0
          maximum: 2147483547
        end_latest_scan_time:
          description: Milliseconds. Range as documented, never enforced.
          type: integer
          format: int64
          minimum: 0
          maximum: 2147483547
        has_malicious_file: { type: boolean }
        has_vul: { type: boolean }
        has_unsafe_setting: { type: boolean }
        risky: { type: boolean }
        has_container: { type: boolean }
        severity_level: { type: string, enum: [Security, Low, Medium, High] }
        instance_name: { type: string, minLength: 0, maxLength: 128 }
        instance_id: { type: string, minLength: 0, maxLength: 128 }
        cicd_name: { type: string, minLength: 0, maxLength: 128 }
        build_command_risk_level: { type: string, enum: [critical, high, medium, low] }
        build_command_risk_name: { type: string, minLength: 1, maxLength: 128 }
        build_command_rule_id_list:
          description: Rules of build commands, by the ids that `ListImageBuildCommandRisks` answers.
          type: array
          items: { type: string, minLength: 1, maxLength: 200 }
        vul_id_list:
          type: array
          minItems: 0
          maxItems: 2048
          items: { type: string }
      example: { operate_all: true }

"""###
}
