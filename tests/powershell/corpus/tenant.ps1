$null = Connect-AzureAD
Get-AzureADTenantDetail
Get-AzureADTenantDetail | Select-Object DisplayName, ObjectType, TechnicalNotificationMails, CompanyLastDirSyncTime | Format-List
<# requests:
GET /v1.0/organization
GET /v1.0/organization
#>
<# prints:
ObjectId  DisplayName  VerifiedDomains
--------  -----------  ---------------
{id} Contoso (sandbox)  {class VerifiedDomain {…
DisplayName  : Contoso (sandbox)
ObjectType  : Company
TechnicalNotificationMails : {ada@contoso.com}
CompanyLastDirSyncTime  :
#>
