Connect-AzureAD | Out-Null
$ADGraphUser = Get-AzureADUser -objectID "alice_fabrikam.com#EXT#@contoso.onmicrosoft.com"
$msGraphUser = New-Object Microsoft.Open.MSGraph.Model.User -ArgumentList $ADGraphUser.ObjectId
New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@fabrikam.com' -SendInvitationMessage $True -InviteRedirectUrl "http://myapps.microsoft.com" -InvitedUser $msGraphUser -ResetRedemption $True
<# requests:
GET /v1.0/users/alice_fabrikam.com#EXT#@contoso.onmicrosoft.com
POST /v1.0/invitations {"invitedUserEmailAddress":"alice@fabrikam.com","sendInvitationMessage":true,"inviteRedirectUrl":"http://myapps.microsoft.com","invitedUser":{"id":"user-01"},"resetRedemption":true}
#>
<# prints:
Id  : {id}
InvitedUserDisplayName  :
InvitedUserEmailAddress : alice@fabrikam.com
SendInvitationMessage  : True
InviteRedeemUrl  : {redeem url}
InviteRedirectUrl  : http://myapps.microsoft.com/
InvitedUser  : class User {
                            Id: user-01
                            OdataType:
                          }
InvitedUserMessageInfo  : class InvitedUserMessageInfo {
                            CcRecipients: System.Collections.Generic.List`1[Microsoft.Open.MSGraph.Model.Recipient]
                            CustomizedMessageBody:
                            MessageLanguage:
                          }
InvitedUserType  : Guest
Status  : PendingAcceptance
#>
