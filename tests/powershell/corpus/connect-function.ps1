function Connect-IfNeeded {
    [CmdletBinding()] param()
    try {
        Get-AzureADTenantDetail -ErrorAction Stop | Out-Null
        'already connected'
    }
    catch {
        Connect-AzureAD | Out-Null
        'connected now'
    }
}
Connect-IfNeeded
Connect-IfNeeded
<# requests:
GET /v1.0/organization
#>
<# prints:
connected now
already connected
#>
