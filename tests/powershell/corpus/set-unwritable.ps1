$null = Connect-AzureAD
try { Set-AzureADUser -ObjectId '10000000-0000-4000-8000-000000000003' -UserState 'Accepted' }
catch { $_.Exception.Message }
<# requests:
#>
<# prints:
Error occurred while executing SetUser
Code: Request_BadRequest
Message: Microsoft Graph lets nobody write UserState. Nothing was sent.
#>
