Connect-AzureAD | Out-Null
try {
    Set-AzureADUser -ObjectId '10000000-0000-4000-8000-00000000ffff' -City 'Gouda'
    'not reached'
}
catch {
    Write-Warning "Failed: $($_.Exception.ErrorContent.Code)"
}
finally {
    Disconnect-AzureAD
    'disconnected'
}
<# requests:
PATCH /v1.0/users/{id} {"city":"Gouda"}
GET /v1.0/directory/deletedItems/{id}
#>
<# prints:
warning: Failed: Request_ResourceNotFound
disconnected
#>
