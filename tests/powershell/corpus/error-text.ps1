$null = Connect-AzureAD
$target = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList '10000000-0000-4000-8000-000000000001'
try { New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@elsewhere.com' -InvitedUser $target -InviteRedirectUrl 'https://myapps.microsoft.com' -ResetRedemption $true }
catch { $_.Exception.Message }
<# requests:
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@elsewhere.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
Error occurred while executing NewAzureADMSInvitation
Code: BadRequest
Message: The email you’re using to invite this user doesn’t match any emails on the user object. Please add this email to the user object and try again.
InnerError:
  RequestId: {id}
  DateTimeStamp: {time}
HttpStatusCode: BadRequest
HttpStatusDescription: Bad Request
HttpResponseStatus: Completed
#>
