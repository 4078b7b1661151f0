$null = Connect-AzureAD
$new = 'alice@adatum.com'
$guest = Get-AzureADUser -ObjectId 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com'
$mails = $guest.OtherMails
$mails += $new
Set-AzureADUser -ObjectId $guest.ObjectId -OtherMails $mails
(Get-AzureADUser -ObjectId $guest.ObjectId).OtherMails
$target = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $guest.ObjectId
New-AzureADMSInvitation -InvitedUserEmailAddress $new -InvitedUser $target -InviteRedirectUrl 'https://myapps.microsoft.com' -ResetRedemption $true -SendInvitationMessage $true |
    Format-Table InvitedUserEmailAddress, SendInvitationMessage, Status
<# requests:
GET /v1.0/users/alice_fabrikam.com#EXT#@contoso.onmicrosoft.com
PATCH /v1.0/users/user-01 {"otherMails":["alice@adatum.com"]}
GET /v1.0/users/user-01
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@adatum.com","sendInvitationMessage":true,"inviteRedirectUrl":"https://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
alice@adatum.com
InvitedUserEmailAddress SendInvitationMessage Status
----------------------- --------------------- ------
alice@adatum.com  True PendingAcceptance
#>
