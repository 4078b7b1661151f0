try {
    $tenant = Get-AzureADTenantDetail
}
catch [Microsoft.Open.Azure.AD.CommonLibrary.AadNeedAuthenticationException] {
    "Not connected: $($_.Exception.Message)"
    Connect-AzureAD | Out-Null
    $tenant = Get-AzureADTenantDetail
}
"Connected to $($tenant.DisplayName)"
<# requests:
GET /v1.0/organization
#>
<# prints:
Not connected: You must call the Connect-AzureAD cmdlet before calling any other cmdlets.
Connected to Contoso (sandbox)
#>
