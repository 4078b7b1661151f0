<# file guests.csv:
ObjectId;Mail
10000000-0000-4000-8000-000000000001;alice@fabrikam.com
10000000-0000-4000-8000-00000000ffff;gone@fabrikam.com
10000000-0000-4000-8000-000000000002;not.bobs@tailspin.com
#>
$null = Connect-AzureAD
$log = Import-Csv .\guests.csv -Delimiter ';' | ForEach-Object {
    $row = $_
    try {
        $found = Get-AzureADUser -ObjectId $row.ObjectId
        $invited = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $found.ObjectId
        $answer = New-AzureADMSInvitation -InvitedUserEmailAddress $row.Mail -InviteRedirectUrl 'https://myapps.microsoft.com' -InvitedUser $invited -ResetRedemption $true
        [pscustomobject]@{ Mail = $row.Mail; Result = $answer.Status; Why = '' }
    }
    catch {
        $code = ($_.Exception.Message -split "`n" | Select-String '^Code: (.*)').Matches[0].Groups[1].Value
        [pscustomobject]@{ Mail = $row.Mail; Result = 'failed'; Why = $code }
    }
}
$log | Export-Csv .\log.csv -NoTypeInformation
Get-Content .\log.csv
<# requests:
GET /v1.0/users/user-01
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
GET /v1.0/users/{id}
GET /v1.0/directory/deletedItems/{id}
GET /v1.0/users/user-02
POST /v1.0/invitations {"invitedUserEmailAddress":"not.bobs@tailspin.com","inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-02"},"resetRedemption":true}
#>
<# prints:
"Mail","Result","Why"
"alice@fabrikam.com","PendingAcceptance",""
"gone@fabrikam.com","failed","Request_ResourceNotFound"
"not.bobs@tailspin.com","failed","BadRequest"
#>
